# Q01, I08: no certificate, one that no account has, one of a stranger's authority, no TLS, an old TLS: nothing is told, each is recorded, and it costs time.
use server
$ server_config "$(free_port)" 's["workers"] = 0' >sallyportd.json && server_here
$ api 401 - GET /vnfpkgm/v2/vnf_packages
stdout 'urn:sallyport:problem:not-authenticated'
$ api 401 unknown GET /api/v1/policy
stdout 'urn:sallyport:problem:not-authenticated'
$ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout stranger.tls.key -out stranger.tls.pem -subj /CN=stranger -days 2 2>/dev/null && ! api 200 stranger GET /healthz
stderr 'curl'
$ tail -n 1 server/audit/security.jsonl
stdout 'certificate verify failed (SSL routines): self-signed certificate; number'
$ ! curl -sS "$(sed s/https/http/ server.url)/healthz" 2>/dev/null
$ ! curl -sS --cacert web.tls.pem --cert vendor.tls.pem --key vendor.tls.key --tls-max 1.1 "$(cat server.url)/healthz" 2>/dev/null
$ for _ in $(seq 9); do if api 429 - GET /healthz >/dev/null; then break; fi; done; grep -i '^retry-after' api.head
stdout 'Retry-After: '
# Whoever is known is let in from the same place, to what their role is for.
$ api 200 monitor GET /healthz
stdout '{"status":"alive"}'
$ api 403 monitor GET /api/v1/policy && api 403 vendor GET /api/v1/audit && api 405 auditor DELETE /api/v1/audit
stdout 'urn:sallyport:problem:not-allowed'
$ api 200 auditor GET /api/v1/audit >events && python3 -c '
> import json
> for e in json.load(open("events"))["events"]: print(e["account"] or "-", e["action"], e["object"], e["outcome"], e.get("code", "-"), e["source"])' | sort | uniq -c | sed 's/^ *//'
stdout '1 - GET /api/v1/policy refused not-authenticated 127.0.0.1'
stdout '3 - TLS  refused not-authenticated 127.0.0.1'
stdout '1 monitor GET /api/v1/policy refused not-allowed 127.0.0.1'
