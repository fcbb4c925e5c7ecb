# SIGTERM ends the server in a bounded time, whatever hangs: the process that reads a package is killed, a scanner that does not answer is left. The package is taken in by the next server.
use server
patience 120
$ clamd_here && server_config "$(free_port)" 's["worker"] = here + "/hangs"' >hanging.json && chmod 755 hangs && server_here hanging.json && uploaded 1.csar >id && sleep 2 && pgrep -f "$PWD/reads-for-ever" | wc -l
| 1
$ time=$SECONDS && server_gone && [ $((SECONDS - time)) -ge 8 ] && [ $((SECONDS - time)) -lt 20 ] && ! pgrep -f "$PWD/reads-for-ever"
$ tail -n 1 server/audit/security.jsonl && grep -c '"action":"INTAKE"' server/audit/security.jsonl
[exit 1]
stdout '"action":"STOP","object":"","outcome":"success"'
$ server_config "$(free_port)" >sallyportd.json && server_here && settled "$(cat id)"
stdout '"onboardingState":"ONBOARDED"'
# The scanner hangs.
$ kill -STOP "$(cat clamd.pid)" && uploaded 1.csar >id && sleep 2 && time=$SECONDS && server_gone && [ $((SECONDS - time)) -lt 25 ] && tail -n 1 server/audit/security.jsonl
stdout '"detail":"work at hand was given back"'
$ kill -CONT "$(cat clamd.pid)" && server_here && settled "$(cat id)"
stdout '"onboardingState":"ONBOARDED"'
-- hangs --
#!/bin/bash
if grep -q build-walls /proc/self/fd/4; then printf 'the walls stand' >&6; exit; fi
exec -a "$(dirname "$0")/reads-for-ever" sleep 1000
