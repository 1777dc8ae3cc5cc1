# shellcheck shell=bash disable=SC2034
# Kafka: one process that is broker and controller (KRaft), and its tools.

KAFKA_ADDRESS=$HOST:$KAFKA_PORT
# Any fixed id does: there is one cluster and it lives as long as its data.
KAFKA_CLUSTER_ID=d2VpclRlc3RTdGFja0tSYQ

kafka_configure() {
  write_log4j
  cat >"$CONF/kafka.properties" <<CONF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@$HOST:$KAFKA_CONTROLLER_PORT
listeners=PLAINTEXT://$HOST:$KAFKA_PORT,CONTROLLER://$HOST:$KAFKA_CONTROLLER_PORT
advertised.listeners=PLAINTEXT://$HOST:$KAFKA_PORT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=$DATA/kafka
auto.create.topics.enable=false
# One node: the defaults ask for three replicas.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# After a SIGKILL the controller holds the old registration for this long before
# it admits the broker again.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# Tests join and leave groups all the time: no waiting for a second member,
# and groups without members or offsets go soon.
group.initial.rebalance.delay.ms=0
offsets.retention.check.interval.ms=30000
CONF
}

# kafka_java CLASS ARG…: runs one of Kafka's classes.
kafka_java() {
  exec java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -cp "$(lib_dir kafka)/*" ${KAFKA_LOG4J:+"-Dlog4j2.configurationFile=$KAFKA_LOG4J"} "$@"
}

kafka_format() {
  [[ -f $DATA/kafka.formatted ]] && return
  rm -rf "$DATA/kafka"
  mkdir -p "$DATA" "$LOGS"
  (kafka_java kafka.tools.StorageTool format -t "$KAFKA_CLUSTER_ID" -c "$CONF/kafka.properties") \
    >"$LOGS/kafka-format.log" 2>&1 </dev/null || fail_with_log "Kafka's data folder could not be made" "$LOGS/kafka-format.log"
  touch "$DATA/kafka.formatted"
}

launch_kafka() {
  local lib
  lib=$(lib_dir kafka)
  kafka_configure
  kafka_format
  launch kafka "${lib##*/}" java -Xms128m -Xmx384m -XX:+UseSerialGC \
    "-Dlog4j2.configurationFile=$CONF/log4j2.properties" \
    -cp "$lib/*" kafka.Kafka "$CONF/kafka.properties"
}

# It says it has started, and answers an ApiVersions request (length 10, key 18,
# version 0, correlation id 1, no client id) with a reply of that correlation id.
ready_kafka() {
  grep -q 'Kafka Server started' "$LOGS/kafka.log" 2>/dev/null && kafka_answers "$HOST" "$KAFKA_PORT"
}

# kafka_answers HOST PORT
kafka_answers() {
  local reply
  reply=$(
    exec 2>/dev/null 3<>"/dev/tcp/$1/$2" || exit 1
    printf '\0\0\0\012\0\022\0\0\0\0\0\001\377\377' >&3
    timeout 3 head -c 8 <&3 | od -An -tx1 -j4 | tr -d ' \n'
  ) || return 1
  [[ $reply == 00000001 ]]
}
