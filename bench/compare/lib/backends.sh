# Backends: one NGINX that acts as three fast backends and a slow one, so that they cost as little as possible. Sourced by ../run.
# shellcheck shell=bash disable=SC2154

slow_ms=100

start_backends() {
  local i
  for i in 1 2 3 4; do
    free_port
    backend[i]=127.0.0.1:$port
  done
  fast_set=("${backend[1]}" "${backend[2]}" "${backend[3]}")
  slow_set=("${backend[1]}" "${backend[2]}" "${backend[4]}")

  mkdir -p "$work/files"
  head -c 4096 /dev/zero | tr '\0' x >"$work/files/4k"
  head -c 65536 /dev/zero | tr '\0' x >"$work/files/64k"
  head -c 1048576 /dev/zero | tr '\0' x >"$work/files/1m"

  # /post reads the whole body before it answers: an early answer would spare some proxies the upload and not others.
  cat >"$work/backends.conf" <<CONF
load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;
daemon off;
user root;
worker_processes 1;
worker_rlimit_nofile $files;
pid $work/backends.pid;
error_log $work/backends.err;
events { worker_connections 16384; }
http {
  access_log off;
  default_type text/plain;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  client_body_buffer_size 128k;
  client_body_temp_path $work/backends.tmp;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=10 inactive=600s;
  open_file_cache_valid 600s;
  server {
    listen ${backend[1]};
    listen ${backend[2]};
    listen ${backend[3]};
    root $work/files;
    location = /health { return 200 ok; }
    location = /70 { return 200 $(printf '%070d' 0); }
    location = /post { echo_read_request_body; echo_exec /70; }
  }
  server {
    listen ${backend[4]};
    location = /health { return 200 ok; }
    location = /70 { echo_sleep $(awk -v ms=$slow_ms 'BEGIN { print ms / 1000 }'); echo_exec /answer; }
    location = /answer { internal; return 200 $(printf '%070d' 0); }
  }
}
CONF
  start backends $load_core nginx -c "$work/backends.conf" -e "$work/backends.err"
  for i in 1 2 3 4; do await backends "http://${backend[i]}/health"; done
}
