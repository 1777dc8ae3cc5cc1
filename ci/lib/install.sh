# shellcheck shell=bash
# Fetching what the stack runs: Debian packages, and jars into the cache.

# pom GROUP:ARTIFACT:VERSION… prints a pom.xml that depends on them.
pom() {
  local gav group artifact version
  printf '%s\n' '<project xmlns="http://maven.apache.org/POM/4.0.0">' \
    '<modelVersion>4.0.0</modelVersion><packaging>pom</packaging>' \
    '<groupId>weir.ci</groupId><artifactId>stack</artifactId><version>1</version>' \
    '<dependencies>'
  for gav in "$@"; do
    IFS=: read -r group artifact version <<<"$gav"
    printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n' \
      "$group" "$artifact" "$version"
  done
  printf '%s\n' '</dependencies></project>'
}

log4j_artifacts() {
  printf 'org.apache.logging.log4j:%s:'"$LOG4J_VERSION"'\n' log4j-slf4j-impl log4j-core
}

kafka_artifacts() {
  printf 'org.apache.kafka:%s:'"$KAFKA_VERSION"'\n' "kafka_$KAFKA_SCALA" kafka-tools
  log4j_artifacts
}

# flink_artifacts VERSION CONNECTOR REGISTRY_VERSION
flink_artifacts() {
  printf 'org.apache.flink:%s:'"$1"'\n' \
    flink-sql-gateway flink-table-planner-loader flink-table-runtime \
    flink-table-api-java-bridge flink-clients flink-connector-base \
    flink-connector-files flink-json flink-csv flink-statebackend-rocksdb \
    flink-runtime-web
  printf 'org.apache.flink:%s\n' "$2" "flink-sql-avro-confluent-registry:$3"
  log4j_artifacts
}

# artifacts SET, where SET is kafka, flink-1.20 or flink-2.x.
artifacts() {
  case $1 in
    kafka) kafka_artifacts ;;
    "flink-$FLINK_1_LINE") flink_artifacts "$FLINK_1_VERSION" "$FLINK_1_CONNECTOR" "$FLINK_1_REGISTRY_VERSION" ;;
    "flink-$FLINK_2_LINE") flink_artifacts "$FLINK_2_VERSION" "$FLINK_2_CONNECTOR" "$FLINK_2_REGISTRY_VERSION" ;;
    *) die "no such set of jars: $1" ;;
  esac
}

# lib_dir SET: where its jars lie. The name holds the hash of the pins, so a
# folder of that name is complete and right, and needs no further stamp.
lib_dir() {
  local hash
  hash=$(artifacts "$1" | sha256sum)
  printf '%s/lib/%s-%s\n' "$CACHE" "$1" "${hash:0:12}"
}

# install_jars SET: fetches into a scratch folder and renames, so that an
# interrupted run leaves nothing that looks finished.
install_jars() {
  local set=$1 target scratch
  target=$(lib_dir "$set")
  [[ -d $target ]] && return
  need_maven
  say "fetching the jars of $set"
  mkdir -p "$CACHE/lib"
  rm -rf "$CACHE/lib/.fetch-$set".*
  scratch=$(mktemp -d "$CACHE/lib/.fetch-$set.XXXXXX")
  local list
  mapfile -t list < <(artifacts "$set")
  pom "${list[@]}" >"$scratch/pom.xml"
  if ! mvn -B -q -f "$scratch/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$scratch/jars" >"$scratch/mvn.log" 2>&1 </dev/null; then
    tail -n 20 "$scratch/mvn.log" >&2
    die "maven could not fetch the jars of $set (whole log: $scratch/mvn.log)"
  fi
  chmod -R a+rX "$scratch/jars"
  mv "$scratch/jars" "$target"
  rm -rf "$scratch"
}

# apt_install WHAT PACKAGE…: as root on Debian installs, else says what is missing.
# (Without the lock, file 9: a package may start a service, which would keep it.)
apt_install() {
  local what=$1 log
  shift
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    die "$what is missing; install it (on Debian: apt-get install $*)"
  fi
  say "installing $*"
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get install -y --no-install-recommends "$@" ||
    { apt-get update && apt-get install -y --no-install-recommends "$@"; }; } >"$log" 2>&1 </dev/null 9>&-; then
    tail -n 20 "$log" >&2
    die "apt-get could not install $*"
  fi
  rm -f "$log"
}

need_maven() {
  command -v mvn >/dev/null || apt_install Maven maven
}

need_java() {
  if ! java_is_new_enough; then
    apt_install "Java $JAVA_VERSION or newer" "openjdk-$JAVA_VERSION-jre-headless"
  fi
}

java_is_new_enough() {
  local version
  command -v java >/dev/null || return 1
  version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
  ((${version:-0} >= JAVA_VERSION))
}

need_postgres() {
  [[ -x $POSTGRES_BIN/postgres ]] && return
  local no_cluster=/etc/postgresql-common/createcluster.d/weir.conf
  # Debian's package would start a server of its own, which nobody asked for.
  if ((EUID == 0)); then
    mkdir -p "${no_cluster%/*}"
    printf 'create_main_cluster = false\n' >"$no_cluster"
  fi
  apt_install "PostgreSQL $POSTGRES_VERSION" "postgresql-$POSTGRES_VERSION"
  rm -f "$no_cluster"
}

need_tools() {
  command -v curl >/dev/null || apt_install curl curl ca-certificates
  command -v flock >/dev/null || apt_install flock util-linux
}

# need_build_tools: what `cargo test` needs beside cargo itself (librdkafka and
# OpenSSL are built from source). Rust has many ways in; we choose none.
need_build_tools() {
  command -v cargo >/dev/null || die "cargo is missing; install Rust first (rustup or your distribution)"
  local tool
  for tool in cc c++ make perl cmake; do
    command -v "$tool" >/dev/null && continue
    apt_install "$tool" build-essential cmake perl pkg-config
    break
  done
}
