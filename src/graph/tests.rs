use super::*;

/// Streams as `name: input input`; each writes the topic of its name, and `t/x` reads the topic `x` as `t`.
struct Text {
    names: Vec<Name>,
    topics: Vec<TopicName>,
    reads: Vec<Vec<(Name, TopicName)>>,
}

fn text(lines: &[&str]) -> Text {
    let mut text = Text { names: Vec::new(), topics: Vec::new(), reads: Vec::new() };
    for line in lines {
        let (called, inputs) = line.split_once(':').expect("name: inputs");
        let inputs = inputs.split_whitespace().map(|input| {
            let (input, topic) = input.split_once('/').unwrap_or((input, input));
            (name(input), topic_name(topic))
        });
        text.reads.push(inputs.collect());
        text.names.push(name(called));
        text.topics.push(topic_name(called));
    }
    text
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn topic_name(text: &str) -> TopicName {
    TopicName::parse(text).expect("a topic")
}

impl Text {
    fn graph(&self) -> Graph<'_> {
        let nodes = self.names.iter().zip(&self.topics).zip(&self.reads);
        Graph::new(nodes.map(|((name, writes), reads)| Node {
            name,
            writes: [writes].into(),
            reads: reads.iter().map(|(name, topic)| Input { name, stream: Some(name), topic }).collect(),
        }))
    }
}

fn told<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    names.into_iter().map(Name::as_str).collect::<Vec<_>>().join(" ")
}

fn order(lines: &[&str]) -> String {
    told(text(lines).graph().order())
}

fn loops(lines: &[&str]) -> Vec<String> {
    let text = text(lines);
    let link = |link: &Link<'_>| match link.stream.as_str() == link.input.as_str() {
        true => link.stream.to_string(),
        false => format!("{}({})", link.stream, link.input),
    };
    text.graph().loops().iter().map(|found| found.iter().map(link).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn without_edges_the_order_is_that_of_names() {
    assert_eq!(order(&["c: orders", "a: orders", "b:"]), "a b c");
}

#[test]
fn an_upstream_comes_before_its_readers_by_name_or_by_topic() {
    assert_eq!(order(&["a: z", "z: m", "m: orders"]), "m z a");
    assert_eq!(order(&["a: old/z", "z: orders"]), "z a");
    assert_eq!(order(&["a: b c", "b: d", "c: d", "d:"]), "d b c a");
}

#[test]
fn the_order_does_not_depend_on_the_order_of_files() {
    let lines = ["a: z", "b: a c", "c: z", "z:", "y: b"];
    let mut turned = lines;
    turned.reverse();
    assert_eq!(order(&lines), order(&turned));
    assert_eq!(order(&lines), "z a c b y");
}

/// A source has no stream's name; where both are defined, that is another mistake, and the name counts.
#[test]
fn a_name_beats_a_topic() {
    let text = text(&["a: b/c", "b:", "c:"]);
    assert_eq!(told(text.graph().upstreams(&name("a")).into_iter().map(|(_, stream)| stream)), "b");
}

/// As the row of a stream that is over, beside a source that has its name.
#[test]
fn a_source_that_is_called_as_a_stream_is_whoevers_topic_it_is_over() {
    let (a, b, c, topic) = (name("a"), name("b"), name("c"), topic_name("t"));
    let node = |name, writes: &[_], reads| Node { name, writes: writes.iter().copied().collect(), reads };
    let read = Input { name: &b, stream: None, topic: &topic };
    let graph = Graph::new([node(&a, &[], vec![read]), node(&b, &[], Vec::new()), node(&c, &[&topic], Vec::new())]);
    assert_eq!(told(graph.readers(&c)), "a");
    assert_eq!(told(graph.readers(&b)), "");
}

#[test]
fn what_ends_comes_before_what_it_reads() {
    let text = text(&["a:", "b: a", "c: b", "d: c"]);
    let ends = |names: &[&str]| {
        let names: Vec<Name> = names.iter().map(|text| name(text)).collect();
        told(text.graph().order_with_ends(&names.iter().collect()))
    };
    assert_eq!(ends(&[]), "a b c d");
    assert_eq!(ends(&["a", "b", "c", "d"]), "d c b a");
    assert_eq!(ends(&["c"]), "a c b d");
    assert_eq!(ends(&["a", "d"]), "a b d c");
}

#[test]
fn downstream_is_everything_that_reads_in_the_end() {
    let text = text(&["a:", "b: a", "c: t/b", "d: c a", "e:"]);
    assert_eq!(told(text.graph().downstream(&name("a"))), "b c d");
    assert_eq!(told(text.graph().downstream(&name("b"))), "c d");
    assert_eq!(told(text.graph().downstream(&name("d"))), "");
    assert_eq!(told(text.graph().downstream(&name("unknown"))), "");
    assert_eq!(told(text.graph().readers(&name("a"))), "b d");
}

#[test]
fn a_stream_that_is_in_no_loop_is_told_in_none() {
    assert_eq!(loops(&["a: b", "b: c", "c: b", "d: c", "e:"]), ["b(c) c(b)"]);
    // It stands between two loops.
    assert_eq!(loops(&["a: b", "b: a", "m: b", "x: y m", "y: x"]), ["a(b) b(a)", "x(y) y(x)"]);
}

#[test]
fn every_stream_of_a_loop_is_told_in_one() {
    assert_eq!(loops(&["a: a"]), ["a"]);
    assert_eq!(loops(&["a: t/a"]), ["a(t)"]);
    assert_eq!(loops(&["a: c", "b: a", "c: b"]), ["a(c) c(b) b(a)"]);
    // Two loops through one stream.
    assert_eq!(loops(&["hub: a b", "a: hub", "b: hub"]), ["a(hub) hub(a)", "b(hub) hub(b)"]);
    assert_eq!(loops(&["a: b orders", "b: orders"]), Vec::<String>::new());
}

#[test]
fn downstream_of_a_loop_ends() {
    let text = text(&["a: b", "b: a", "c: b"]);
    assert_eq!(told(text.graph().downstream(&name("a"))), "b c");
    assert_eq!(told(text.graph().order()), "a b c");
}

/// Ten thousand streams, as one chain and as one loop: a walk by recursion or a search from each would not end here.
#[test]
fn ten_thousand_streams_are_no_matter() {
    let chain: Vec<String> = (1..10_000).map(|at| format!("s{at}: s{}", at - 1)).collect();
    for first in ["s0:", "s0: s9999"] {
        let lines: Vec<&str> = chain.iter().map(String::as_str).chain([first]).collect();
        let text = text(&lines);
        let graph = text.graph();
        assert_eq!(graph.order().len(), 10_000);
        assert_eq!(graph.downstream(&name("s0")).len(), 9_999);
        assert_eq!(graph.loops().len(), usize::from(first.len() > 3));
    }
}
