# Two servers on one PostgreSQL. One is killed while it takes a package in: nothing is lost, and nothing is done twice.
needs root
use server
patience 120
$ "$REPO/tools/demo/postgresql" here || { echo 'PostgreSQL is missing (tools/packages.sh test)'; exit 1; }
$ mktemp -d /tmp/sallyport-pg-XXXXXX >pg && chmod 711 "$(cat pg)" && "$REPO/tools/demo/postgresql" start "$(cat pg)/server" && mkdir -m 700 server/audit-b
$ db="s['database'] = 'postgresql:host=$(cat pg)/server user=sallyport dbname=postgres'"
> server_config "$(free_port)" "$db" >a.json && server_config "$(free_port)" "$db; s['audit'] = s['audit'] + '-b'" >b.json
$ clamd_here && server_here a.json a && server_here b.json b && cp a.url server.url
# The scanner hangs; a has begun with the first package, b with the second.
$ kill -STOP "$(cat clamd.pid)" && kill -STOP "$(cat b.pid)" && uploaded 1.csar >id1 && sleep 2.5 && kill -CONT "$(cat b.pid)"
> cp b.url server.url && uploaded 2.csar >id2 && uploaded 3.csar >id3 && sleep 2 && server_gone a -KILL && kill -CONT "$(cat clamd.pid)"
$ for n in 1 2 3; do settled "$(cat id$n)" || exit 1; done | grep -c '"onboardingState":"ONBOARDED"'
| 3
$ api 200 auditor GET /api/v1/audit >events && python3 -c '
> import json
> done = [e["object"] for e in json.load(open("events"))["events"] if e["action"] == "INTAKE" and e["outcome"] == "success"]
> print(len(done), len(set(done)))'
| 3 3
$ server_here a.json a && server_gone a && server_gone b && "$REPO/tools/demo/postgresql" stop "$(cat pg)/server" && rm -r "$(cat pg)"
