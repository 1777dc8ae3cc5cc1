# shellcheck shell=bash disable=SC2034
# Where things lie, and how a server process is started, watched and ended.
# Sourced by the commands in ci/; they set CI to that folder first.

# shellcheck source=../versions
source "$CI/versions"

HOST=127.0.0.1
CACHE=${WEIR_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/weir}
STACK_HOME=${STACK_HOME:-$CACHE/run}
PIDS=$STACK_HOME/pids
LOGS=$STACK_HOME/logs
CONF=$STACK_HOME/conf
DATA=$STACK_HOME/data
# Seconds a server may take to answer. Generous: a compiler may have the machine.
PATIENCE=${STACK_PATIENCE:-120}

say() { printf 'stack: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# take_lock: one command at a time works on the cache and the stack.
take_lock() {
  mkdir -p "$CACHE"
  exec 9>"$CACHE/lock"
  flock -n 9 && return
  say "another ci/stack is at work, waiting for it"
  flock 9
}

# answers PORT: does anything accept connections there?
answers() { (exec 3<>"/dev/tcp/$HOST/$1") 2>/dev/null; }

# wait_for SECONDS COMMAND…: polls until it succeeds or time is up.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# born PID: the process's start time, which tells it from a later process that
# got the same number. Nothing for a process that is gone or a zombie.
born() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  [[ $stat != Z* ]] || return 1
  # shellcheck disable=SC2086
  set -- $stat
  printf '%s\n' "${20}"
}

# pid_of PART: its process id; fails if it does not run.
pid_of() {
  local pid start
  [[ -r $PIDS/$1 ]] && read -r pid start _ <"$PIDS/$1" || return 1
  [[ $(born "$pid") == "$start" ]] && printf '%s\n' "$pid"
}

running() { pid_of "$1" >/dev/null; }

# origin_of PART: what the running process was started from (see launch).
origin_of() {
  local origin=
  if running "$1"; then read -r _ _ origin <"$PIDS/$1"; fi
  printf '%s\n' "$origin"
}

# launch PART ORIGIN COMMAND…: runs it detached, its output in LOGS/PART.log. It
# has its own session, so that Ctrl-C at the caller does not reach it, and none
# of the caller's open files, so that `ci/stack up | cat` ends.
launch() {
  local part=$1 origin=$2 log=$LOGS/$1.log me
  shift 2
  mkdir -p "$PIDS" "$LOGS"
  [[ -f $log ]] && mv "$log" "$log.old"
  (
    exec </dev/null >"$log" 2>&1
    close_other_files
    # Written by the process itself, so that no interruption can lose it.
    me=$BASHPID
    printf '%s %s %s\n' "$me" "$(born "$me")" "$origin" >"$PIDS/$part"
    exec setsid "$@"
  ) &
  disown $!
  # Until then pid_of would see the process of before.
  wait_for 5 grep -qs "^$! " "$PIDS/$part" || die "$part could not be started at all"
}

close_other_files() {
  local path fd
  for path in "/proc/$BASHPID/fd/"*; do
    fd=${path##*/}
    # 255 is bash's own and closes itself.
    if ((fd > 2 && fd != 255)); then eval "exec $fd>&-"; fi
  done
}

# family PID: the process and its children, for servers of many processes.
family() { printf '%s ' "$1" "$(cat "/proc/$1/task/$1/children" 2>/dev/null)"; }

gone() {
  local pid
  for pid in "$@"; do
    if born "$pid" >/dev/null; then return 1; fi
  done
}

# end_parts SIGNAL PART…: signals them all, then waits until all are gone. Who
# does not go within the time gets SIGKILL.
end_parts() {
  local signal=$1 part pid pids=()
  shift
  for part in "$@"; do
    pid=$(pid_of "$part") || continue
    # shellcheck disable=SC2207
    pids+=($(family "$pid"))
    kill "-$signal" "$pid" 2>/dev/null || true
  done
  if ! wait_for 15 gone "${pids[@]}"; then
    kill -KILL "${pids[@]}" 2>/dev/null || true
    wait_for 15 gone "${pids[@]}" || die "process ${pids[*]} does not end even on SIGKILL"
  fi
  for part in "$@"; do rm -f "$PIDS/$part"; done
}

# rss_mib PID: resident memory of the process and its children.
rss_mib() {
  local pid kib=0 one
  for pid in $(family "$1"); do
    one=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) || true
    kib=$((kib + ${one:-0}))
  done
  printf '%s\n' $((kib / 1024))
}

# write_log4j: one logging set-up for all Java servers: lines to standard output.
write_log4j() {
  mkdir -p "$CONF"
  cat >"$CONF/log4j2.properties" <<'PROPERTIES'
rootLogger.level = INFO
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1} %m%n
PROPERTIES
}
