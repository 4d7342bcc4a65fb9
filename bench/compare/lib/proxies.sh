# Proxies: each with one worker on one core, keep-alive to its backends, no access log, and otherwise its defaults. Defaults that
# would put one of them at a disadvantage (a limit on requests per connection, spooling bodies to disk, a small pool of idle
# connections) are raised. Sourced by ../run.
# shellcheck shell=bash disable=SC2154

proxies=(nginx haproxy caddy yarp gateway)
# Those, and the gateway with its other event loop or its other TLS library, which are measured only on request.
all_proxies=("${proxies[@]}" gateway-epoll gateway-sslstream)

# Each proxy's name for a balancing algorithm; the names here are the gateway's.
algorithm() { # proxy name
  case $1/$2 in
    nginx/round-robin) ;;
    nginx/*) echo 'least_conn;' ;;
    haproxy/round-robin) echo roundrobin ;;
    haproxy/*) echo leastconn ;;
    caddy/round-robin) echo round_robin ;;
    caddy/*) echo least_conn ;;
    yarp/round-robin) echo RoundRobin ;;
    yarp/*) echo LeastRequests ;;
    gateway*/*) echo "$2" ;;
  esac
}

# name proxy algorithm backend...: several instances of one proxy can run, under different names. Sets port_of[name], and in the cases over
# TLS tls_of[name]; each proxy then listens at $tls too.
start_proxy() {
  local name=$1 proxy=$2 word address tls
  word=$(algorithm "$2" "$3")
  shift 3
  free_port
  port_of[$name]=$port
  address=127.0.0.1:$port tls=''
  if [[ $over_tls ]]; then
    free_port
    tls_of[$name]=$port
    tls=127.0.0.1:$port
  fi
  "start_$proxy" "$name" "$address" "$word" "$@"
  if [[ $proxy == gateway* ]]; then await "$name" "http://$address/ready" 30; fi
  await "$name" "http://$address/70"
  unset "warmed[$name]"
}

start_nginx() {
  local name=$1 address=$2 word=$3
  shift 3
  cat >"$work/$name.conf" <<CONF
daemon off;
user root;
worker_processes 1;
worker_rlimit_nofile $files;
pid $work/$name.pid;
error_log $work/$name.err;
events { worker_connections 16384; }
http {
  access_log off;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  client_body_buffer_size 128k;
  client_body_temp_path $work/$name.body;
  proxy_temp_path $work/$name.answer;
  proxy_max_temp_file_size 0;
  upstream backends {
    $word
    $(printf 'server %s; ' "$@")
    keepalive 512;
    keepalive_requests 1000000000;
  }
  server {
    listen $address backlog=4096;
    ${tls:+listen $tls ssl http2 backlog=4096; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate $work/tls.crt; ssl_certificate_key $work/tls.key;}
    location / {
      proxy_pass http://backends;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
    }
  }
}
CONF
  start "$name" $proxy_core nginx -c "$work/$name.conf" -e "$work/$name.err"
}

start_haproxy() {
  local name=$1 address=$2 word=$3 i=0 backend
  shift 3
  {
    cat <<CONF
global
  nbthread 1
  maxconn 16384
  no strict-limits
defaults
  mode http
  timeout connect 2s
  timeout client 600s
  timeout server 600s
  timeout http-keep-alive 600s
  option forwardfor
  http-reuse always
frontend in
  bind $address backlog 4096
  ${tls:+bind $tls backlog 4096 ssl crt $work/tls.pem alpn h2,http/1.1}
  default_backend backends
backend backends
  balance $word
CONF
    for backend; do echo "  server b$((++i)) $backend"; done
  } >"$work/$name.conf"
  start "$name" $proxy_core haproxy -db -f "$work/$name.conf"
}

start_caddy() {
  local name=$1 address=$2 word=$3
  shift 3
  cat >"$work/$name.conf" <<CONF
{
  admin off
  auto_https off
  log {
    level ERROR
  }
}
(proxied) {
  bind 127.0.0.1
  reverse_proxy $* {
    lb_policy $word
    transport http {
      keepalive_idle_conns_per_host 512
    }
  }
}
http://$address {
  import proxied
}
${tls:+https://$tls {
  tls $work/tls.crt $work/tls.key
  import proxied
\}}
CONF
  start "$name" $proxy_core env XDG_DATA_HOME="$work/caddy" XDG_CONFIG_HOME="$work/caddy" \
    caddy run --adapter caddyfile --config "$work/$name.conf"
}

start_yarp() {
  local name=$1 address=$2 word=$3
  shift 3
  start "$name" $proxy_core env ${tls:+Kestrel__Certificates__Default__Path="$work/tls.crt" Kestrel__Certificates__Default__KeyPath="$work/tls.key"} \
    "$artifacts/plain-yarp/plain-yarp" "http://$address${tls:+;https://$tls}" "$word" "${@/#/http://}"
}

# With metrics, probes and breakers on, as in production.
start_gateway() { start_gateway_on auto "$@"; }
start_gateway-epoll() { start_gateway_on epoll "$@"; }
start_gateway-sslstream() {
  echo '{ "tls": { "engine": "sslstream" } }' >"$work/sslstream.json"
  config=$work/sslstream.json start_gateway_on auto "$@"
}

start_gateway_on() { # loop name address algorithm backend...
  local loop=$1 name=$2 address=$3 word=$4 endpoints
  shift 4
  endpoints=$(printf ',http://%s' "$@")
  free_port
  metrics_of[$name]=127.0.0.1:$port
  free_port
  start "$name" $proxy_core "$artifacts/gateway/gateway" --listen-addr "$address" --relay-endpoints "${endpoints#,}" \
    --load-balancing "$word" --event-loop "$loop" --log-level warn --metrics-enabled --metrics-addr "${metrics_of[$name]}" --admin-addr "127.0.0.1:$port" ${config:+--config "$config"} \
    ${tls:+--tls-addr "$tls" --tls-cert "$work/tls.crt" --tls-key "$work/tls.key"}
}
