# shellcheck shell=bash disable=SC2034
# PostgreSQL: one database `weir`, owned by a role `weir` that may create more.

POSTGRES_BIN=/usr/lib/postgresql/$POSTGRES_VERSION/bin
if [[ ! -x $POSTGRES_BIN/postgres ]] && command -v pg_config >/dev/null; then
  POSTGRES_BIN=$(pg_config --bindir)
fi
POSTGRES_URL=postgres://weir:weir@$HOST:$POSTGRES_PORT/weir

# PostgreSQL refuses to run as root. Its own user often cannot enter the home
# folder that the cache is in, so then the data lies where everybody may go.
if ((EUID == 0)); then
  POSTGRES_AS=(setpriv --reuid=postgres --regid=postgres --init-groups)
  POSTGRES_DATA=/var/tmp/weir-postgres-$(printf '%s' "$STACK_HOME" | sha256sum | cut -c1-12)
else
  POSTGRES_AS=()
  POSTGRES_DATA=$DATA/postgres
fi

postgres_as() { (cd / && "${POSTGRES_AS[@]}" "$@"); }

postgres_format() {
  [[ -f $POSTGRES_DATA/formatted ]] && return
  rm -rf "$POSTGRES_DATA"
  mkdir -p "$POSTGRES_DATA" "$LOGS"
  if ((EUID == 0)); then chown postgres: "$POSTGRES_DATA"; fi
  postgres_as "$POSTGRES_BIN/initdb" --no-sync -D "$POSTGRES_DATA" -U postgres -E UTF8 \
    --locale=C --auth-local=trust --auth-host=scram-sha-256 >/dev/null
  cat >>"$POSTGRES_DATA/postgresql.conf" <<CONF
listen_addresses = '$HOST'
port = $POSTGRES_PORT
unix_socket_directories = '$POSTGRES_DATA'
max_connections = 200
shared_buffers = 64MB
timezone = 'UTC'
# The data is thrown away with the stack: nothing is worth a disk flush.
fsync = off
synchronous_commit = off
full_page_writes = off
CONF
  # Without a server, so that whoever finds one finds it ready. (One statement
  # a line is what single-user mode wants.)
  postgres_as "$POSTGRES_BIN/postgres" --single -D "$POSTGRES_DATA" postgres >/dev/null 2>"$LOGS/postgres-format.log" <<'SQL'
CREATE ROLE weir LOGIN CREATEDB PASSWORD 'weir'
CREATE DATABASE weir OWNER weir
SQL
  touch "$POSTGRES_DATA/formatted"
}

launch_postgres() {
  postgres_format
  # After a SIGKILL its lock files stay, and name a process that may still be
  # listed as a zombie. We know that it does not run.
  rm -f "$POSTGRES_DATA"/{postmaster.pid,".s.PGSQL.$POSTGRES_PORT"*}
  launch postgres "postgres-$POSTGRES_VERSION" \
    "${POSTGRES_AS[@]}" "$POSTGRES_BIN/postgres" -D "$POSTGRES_DATA"
}

ready_postgres() {
  [[ $(PGPASSWORD=weir PGCONNECT_TIMEOUT=2 "$POSTGRES_BIN/psql" -h "$HOST" -p "$POSTGRES_PORT" \
    -U weir -d weir -XAtc 'SELECT 1' 2>/dev/null </dev/null) == 1 ]]
}
