# shellcheck shell=bash
# Flink: JobManager, one TaskManager of eight slots, SQL gateway; one version at a time.

FLINK_REST=http://$HOST:$FLINK_REST_PORT
FLINK_GATEWAY=http://$HOST:$FLINK_GATEWAY_PORT
FLINK_SLOTS=8
# Checkpoints and savepoints of the jobs. Tests read and write here as well.
STATE_DIR=$DATA/state

# What Flink's own scripts pass to Java 17.
FLINK_JAVA=(java -XX:+UseSerialGC
  --add-exports=java.base/sun.net.util=ALL-UNNAMED
  --add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED
  --add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED
  --add-exports=jdk.compiler/com.sun.tools.javac.{api,file,parser,tree,util}"=ALL-UNNAMED"
  --add-opens=java.base/java.{lang,net,io,nio,text,time,util}"=ALL-UNNAMED"
  --add-opens=java.base/java.lang.reflect=ALL-UNNAMED
  --add-opens=java.base/java.util.concurrent{,.atomic,.locks}"=ALL-UNNAMED"
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED)

# flink_line: the line that runs or last ran, or the default one.
flink_line() {
  if [[ -r $STACK_HOME/flink-line ]]; then
    cat "$STACK_HOME/flink-line"
  else
    printf '%s\n' "$FLINK_1_LINE"
  fi
}

flink_lib() { lib_dir "flink-$(flink_line)"; }

# No checkpoint settings here: they come with each job. Every address is spelled
# out as loopback, and every size of the TaskManager's memory, which Flink's
# scripts would otherwise work out. The short heartbeat brings a TaskManager
# back to a restarted JobManager within seconds.
flink_configure() {
  write_log4j
  mkdir -p "$CONF/flink" "$DATA/flink-tmp" "$STATE_DIR"
  cat >"$CONF/flink/config.yaml" <<CONF
jobmanager.rpc.address: $HOST
jobmanager.bind-host: $HOST
jobmanager.rpc.port: $FLINK_RPC_PORT
blob.server.port: $FLINK_BLOB_PORT
rest.address: $HOST
rest.bind-address: $HOST
rest.port: $FLINK_REST_PORT
rest.bind-port: $FLINK_REST_PORT
sql-gateway.endpoint.rest.address: $HOST
sql-gateway.endpoint.rest.bind-address: $HOST
sql-gateway.endpoint.rest.port: $FLINK_GATEWAY_PORT
sql-gateway.endpoint.rest.bind-port: $FLINK_GATEWAY_PORT
web.refresh-interval: 1000
heartbeat.interval: 1000
heartbeat.timeout: 5000
io.tmp.dirs: $DATA/flink-tmp
taskmanager.host: $HOST
taskmanager.bind-host: $HOST
taskmanager.rpc.port: $FLINK_TM_RPC_PORT
taskmanager.data.port: $FLINK_TM_DATA_PORT
taskmanager.numberOfTaskSlots: $FLINK_SLOTS
taskmanager.cpu.cores: 2.0
taskmanager.memory.framework.heap.size: 96m
taskmanager.memory.framework.off-heap.size: 64m
taskmanager.memory.task.heap.size: 320m
taskmanager.memory.task.off-heap.size: 64m
taskmanager.memory.network.min: 64m
taskmanager.memory.network.max: 64m
taskmanager.memory.managed.size: 128m
taskmanager.memory.jvm-metaspace.size: 256m
taskmanager.memory.jvm-overhead.min: 64m
taskmanager.memory.jvm-overhead.max: 64m
CONF
}

# launch_flink PART CLASS ARG… -- JVM_OPTION…
launch_flink() {
  local part=$1 lib arguments=()
  shift
  while [[ $1 != -- ]]; do
    arguments+=("$1")
    shift
  done
  shift
  lib=$(flink_lib)
  flink_configure
  # The gateway looks for its configuration nowhere but in this variable.
  launch "$part" "${lib##*/}" env "FLINK_CONF_DIR=$CONF/flink" "${FLINK_JAVA[@]}" "$@" \
    "-Djava.io.tmpdir=$DATA/flink-tmp" "-Dlog4j2.configurationFile=$CONF/log4j2.properties" \
    -cp "$lib/*" "${arguments[@]}"
}

launch_jobmanager() {
  launch_flink jobmanager org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
    --configDir "$CONF/flink" -- -Xms128m -Xmx448m
}

# Its name is new each time: after a kill the JobManager lists the TaskManager of
# before for some seconds, and that one must not pass for this one.
launch_taskmanager() {
  printf 'taskmanager-%s\n' "$(date +%s%N)" >"$STACK_HOME/taskmanager-name"
  launch_flink taskmanager org.apache.flink.runtime.taskexecutor.TaskManagerRunner \
    --configDir "$CONF/flink" "-Dtaskmanager.resource-id=$(<"$STACK_HOME/taskmanager-name")" \
    -- -Xms128m -Xmx416m -XX:MaxDirectMemorySize=192m -XX:MaxMetaspaceSize=256m
}

launch_gateway() {
  launch_flink gateway org.apache.flink.table.gateway.SqlGateway -- -Xms128m -Xmx512m
}

http_get() { curl -fsS --max-time 3 "$1" 2>/dev/null </dev/null; }

ready_jobmanager() { [[ $(http_get "$FLINK_REST/overview") == *'"slots-total"'* ]]; }

ready_taskmanager() {
  [[ $(http_get "$FLINK_REST/taskmanagers") == *"\"$(<"$STACK_HOME/taskmanager-name")\""* &&
    $(http_get "$FLINK_REST/overview") == *"\"slots-total\":$FLINK_SLOTS,"* ]]
}

ready_gateway() { [[ $(http_get "$FLINK_GATEWAY/v1/info") == *'"version"'* ]]; }
