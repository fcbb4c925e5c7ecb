# nginx in front passes connections on as they are: the server sees the client's certificate itself, and nobody else can speak for a client.
needs nginx
use server
$ free_port >front && server_config "$(free_port)" 's["workers"] = 0' >sallyportd.json && server_here && cp server.url behind.url
$ sed "s|FRONT|$(cat front)|; s|BEHIND|$(sed 's|https://||' server.url)|; s|HERE|$PWD|" front.conf >nginx.conf && mkdir -m 755 web && { nginx -e "$PWD/web/error.log" -c "$PWD/nginx.conf" & } && echo "https://127.0.0.1:$(cat front)" >server.url
$ for _ in $(seq 100); do if (exec 3<>"/dev/tcp/127.0.0.1/$(cat front)") 2>/dev/null; then break; fi; sleep 0.05; done
$ api 201 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' -d '{}' | sed 's/^{"id":"\([^"]*\)".*/\1/' >id && api 202 vendor PUT "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content" -H 'Content-Type: application/zip' -T 1.csar
$ api 404 other GET "/vnfpkgm/v2/vnf_packages/$(cat id)" && api 401 - GET "/vnfpkgm/v2/vnf_packages/$(cat id)"
stdout 'urn:sallyport:problem:not-authenticated'
# What a proxy that ends TLS would say of the client is a stranger's word.
$ api 401 - GET /api/v1/audit -H 'X-SSL-Client-Verify: SUCCESS' -H 'X-Client-Cert: auditor' -H 'X-Forwarded-For: 192.0.2.1'
stdout 'urn:sallyport:problem:not-authenticated'
$ grep -c '"source":"127.0.0.1".*"code":"not-authenticated"' server/audit/security.jsonl
| 2
-- front.conf --
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
worker_processes 1;
pid HERE/web/nginx.pid;
events {}
stream {
  upstream sallyportd { server BEHIND; }
  server {
    listen 127.0.0.1:FRONT;
    proxy_pass sallyportd;
    proxy_timeout 90s;
  }
}
