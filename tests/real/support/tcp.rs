//! A door in front of a server that can be shut: a TCP proxy on loopback.
//!
//! [`Tcp::to`] hands bytes on as they are. That is enough for Postgres and HTTP; a Kafka client uses its bootstrap
//! address only for the first request and then connects to the addresses that the brokers advertise, past such a
//! proxy. [`Tcp::to_kafka`] therefore writes its own address into the replies that name brokers, so that all of a
//! client's traffic goes through it, and counts the requests by kind.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Pass,
    /// Nothing listens: a client's connection is refused by the system.
    Refuse,
    /// Connections are accepted and stay silent. Those that were open end.
    Hang,
    /// As `Hang`, but those that were open stay so, and silent, until the next switch: a cut cable.
    Freeze,
}

pub struct Tcp {
    address: SocketAddr,
    switches: mpsc::Sender<(Mode, oneshot::Sender<()>)>,
    requests: Requests,
    losing: Losing,
    task: JoinHandle<()>,
}

impl Tcp {
    /// `upstream` is `host:port`.
    pub async fn to(upstream: &str) -> Tcp {
        Tcp::start(upstream, Speech::Any).await
    }

    /// For one broker without TLS, whose advertised host is an IPv4 address in digits, as in `ci/stack`.
    pub async fn to_kafka(upstream: &str) -> Tcp {
        Tcp::start(upstream, Speech::Kafka).await
    }

    async fn start(upstream: &str, speech: Speech) -> Tcp {
        let mut found = lookup_host(upstream).await.unwrap_or_else(|error| panic!("{upstream}: {error}"));
        let upstream = found.next().unwrap_or_else(|| panic!("{upstream} has no address"));
        let socket = bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("loopback has a free port");
        let address = socket.local_addr().expect("a bound socket has an address");
        let requests = Requests::default();
        let (switches, orders) = mpsc::channel(1);
        let losing = Losing::default();
        let route = Route { address, upstream, speech, requests: Arc::clone(&requests), losing: Arc::clone(&losing) };
        let task = tokio::spawn(serve(listen(socket), route, orders));
        Tcp { address, switches, requests, losing, task }
    }

    /// `127.0.0.1:port`
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Returns when it holds: live connections have ended (but see [`Mode::Freeze`]).
    pub async fn switch(&self, mode: Mode) {
        let (done, wait) = oneshot::channel();
        self.switches.send((mode, done)).await.expect("the proxy runs as long as this value lives");
        wait.await.expect("the proxy runs as long as this value lives");
    }

    /// How many requests of each kind (Kafka's `api_key`) clients have sent. Empty for other protocols.
    pub fn requests(&self) -> BTreeMap<i16, usize> {
        self.requests.lock().expect("no panic").clone()
    }

    /// The next request of this kind (Kafka's `api_key`) is done, but its reply does not come: the connection ends.
    pub fn lose_reply(&self, api_key: i16) {
        self.losing.lock().expect("no panic").insert(api_key);
    }

    /// Whether such a reply was lost since.
    pub fn lost_reply(&self, api_key: i16) -> bool {
        !self.losing.lock().expect("no panic").contains(&api_key)
    }
}

impl Drop for Tcp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Requests = Arc<Mutex<BTreeMap<i16, usize>>>;
/// Kinds of requests of which one reply is still to be lost.
type Losing = Arc<Mutex<BTreeSet<i16>>>;

#[derive(Debug, Clone, Copy)]
enum Speech {
    Any,
    Kafka,
}

#[derive(Clone)]
struct Route {
    address: SocketAddr,
    upstream: SocketAddr,
    speech: Speech,
    requests: Requests,
    losing: Losing,
}

/// Bound, not listening: connections to it are refused, and nobody else can take the port.
fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn listen(socket: TcpSocket) -> TcpListener {
    socket.listen(1024).expect("a bound socket can listen")
}

async fn serve(listener: TcpListener, route: Route, mut orders: mpsc::Receiver<(Mode, oneshot::Sender<()>)>) {
    let mut mode = Mode::Pass;
    let mut listener = Some(listener);
    let mut refusing = None;
    let (frozen, _) = watch::channel(false);
    let mut live = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            order = orders.recv() => {
                let Some((next, done)) = order else { return };
                match next {
                    Mode::Freeze => {}
                    Mode::Pass | Mode::Refuse | Mode::Hang => live.shutdown().await,
                }
                frozen.send_replace(next == Mode::Freeze);
                match next {
                    Mode::Refuse => {
                        listener = None;
                        refusing = refusing.or_else(|| Some(bind(route.address).expect("the port is still ours")));
                    }
                    Mode::Pass | Mode::Hang | Mode::Freeze if listener.is_none() => {
                        listener = Some(listen(refusing.take().expect("held while nothing listens")));
                    }
                    Mode::Pass | Mode::Hang | Mode::Freeze => {}
                }
                mode = next;
                _ = done.send(());
            }
            Ok((client, _)) = accept(&listener) => match mode {
                Mode::Pass => _ = live.spawn(connect(client, route.clone(), frozen.subscribe())),
                Mode::Hang | Mode::Freeze => _ = live.spawn(hold(client)),
                Mode::Refuse => {}
            },
            Some(_) = live.join_next() => {}
        }
    }
}

async fn accept(listener: &Option<TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

async fn hold(client: TcpStream) {
    std::future::pending::<()>().await;
    drop(client);
}

async fn connect(mut client: TcpStream, route: Route, mut frozen: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(route.upstream).await else { return };
    let passing = async {
        match route.speech {
            Speech::Any => _ = copy_bidirectional(&mut client, &mut server).await,
            Speech::Kafka => pass_kafka(&mut client, &mut server, &route).await,
        }
    };
    tokio::select! {
        () = passing => return,
        _ = frozen.wait_for(|frozen| *frozen) => {}
    }
    // Both sockets stay open and unread until the next switch ends this task.
    std::future::pending::<()>().await;
}

/// Kafka's api keys of the requests whose replies name brokers (Kafka protocol: Metadata, FindCoordinator,
/// DescribeCluster).
const NAMING: [i16; 3] = [3, 10, 60];

async fn pass_kafka(client: &mut TcpStream, server: &mut TcpStream, route: &Route) {
    let asked: Mutex<HashMap<[u8; 4], i16>> = Mutex::default();
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let up = async {
        while let Some(frame) = read_frame(&mut from_client).await {
            // Header of a request: api_key int16, api_version int16, correlation_id int32.
            let key = i16::from_be_bytes([frame[0], frame[1]]);
            *route.requests.lock().expect("no panic").entry(key).or_default() += 1;
            asked.lock().expect("no panic").insert([frame[4], frame[5], frame[6], frame[7]], key);
            if write_frame(&mut to_server, &frame).await.is_err() {
                return;
            }
        }
    };
    let down = async {
        while let Some(mut frame) = read_frame(&mut from_server).await {
            let answered = asked.lock().expect("no panic").remove(&[frame[0], frame[1], frame[2], frame[3]]);
            if answered.is_some_and(|key| route.losing.lock().expect("no panic").remove(&key)) {
                return;
            }
            if answered.is_some_and(|key| NAMING.contains(&key)) {
                rename(&mut frame, route.upstream, route.address);
            }
            if write_frame(&mut to_client, &frame).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = up => {}
        () = down => {}
    }
}

/// A host is followed by its port as int32, so that another port is as long as the old one.
fn rename(frame: &mut [u8], from: SocketAddr, to: SocketAddr) {
    let named =
        |address: SocketAddr| [from.ip().to_string().as_bytes(), &u32::from(address.port()).to_be_bytes()].concat();
    let (old, new) = (named(from), named(to));
    for at in 0..frame.len().saturating_sub(old.len() - 1) {
        if frame[at..].starts_with(&old) {
            frame[at..at + new.len()].copy_from_slice(&new);
        }
    }
}

/// Without its length; at least the eight bytes of a header.
async fn read_frame(from: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let length = from.read_u32().await.ok()?;
    let mut frame = vec![0; length as usize];
    from.read_exact(&mut frame).await.ok()?;
    (frame.len() >= 8).then_some(frame)
}

async fn write_frame(to: &mut (impl AsyncWrite + Unpin), frame: &[u8]) -> io::Result<()> {
    to.write_all(&[&(frame.len() as u32).to_be_bytes(), frame].concat()).await
}
