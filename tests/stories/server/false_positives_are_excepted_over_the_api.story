# A package that an engine takes for malware is ERROR. An exception is proposed and approved over the API, as an order is; the package is taken in
# again, and its verdict names the exception. What the server holds counts for nothing by itself: intake verifies it, and so does the node.
needs root
use node
use server
$ sed 's/^echo "Eicar-Test-Signature:.*/&\necho "Old-Release:0:*:72656c6561736520310a" >>"$dir\/database\/sallyport.ndb"/' "$REPO/tools/demo/clamd" >knowing_clamd
> chmod +x knowing_clamd && (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> server_config "$(free_port)" >sallyportd.json && server_here && uploaded 1.csar >id && settled "$(cat id)"
stdout '"onboardingState":"ERROR"'
stdout 'urn:sallyport:problem:malware-found'
! stdout 'does not count'
$ cat >send.sh <<'SH'
> send() { api "$1" "$2" "$3" "/api/v1/exceptions/$(cat d)$4" -H 'Content-Type: application/json' --data-binary "@$5"; }
> again() { api 202 vendor POST "/api/v1/packages/$1/intake" && settled "$1"; }
> digest() { python3 -c 'import base64, hashlib, json, sys; print(hashlib.sha256(base64.b64decode(json.load(open(sys.argv[1]))["payload"])).hexdigest())' "$1"; }
> approved_by() { api 200 "$1-web" GET "/api/v1/exceptions/$(cat d)" >"$1.exception" && sallyport intake exception approve "$1.exception" --policy policy.json --as "$1" --key "file:$1.key" >/dev/null && send 200 "$1-web" POST /approvals "$1.exception" >/dev/null; }
> SH
# From the verdict, which is evidence, a person proposes the exception.
$ . ./send.sh; api 200 alice-web GET "/api/v1/packages/$(cat id)/verdict" >hit.verdict
> sallyport intake show hit.verdict --policy policy.json | sed -n 's/.*malware-found release .*, content \([0-9a-f]*\).*/\1/p' >content
> sallyport intake exception propose --verdict hit.verdict --content "$(cat content)" --policy policy.json --pool pool-1 --as alice --key file:alice.key \
>   --until "$(date -u -d '+1 day' +%FT%TZ)" --reason 'vendor ticket 4711' -o x.exception >/dev/null
> digest x.exception >d && send 403 bob-web PUT '' x.exception && send 201 alice-web PUT '' x.exception && send 200 alice-web PUT '' x.exception
stdout 'urn:sallyport:problem:not-allowed'
$ api 200 auditor GET /api/v1/exceptions
stdout '"code":"malware-found","engine":"clamd","signature":"Old-Release'
stdout '"over":false'
stdout '"standing":"open"'
# With one approval, of the two that it takes, it does not count, and that is said.
$ . ./send.sh; approved_by bob && again "$(cat id)"
stdout '"onboardingState":"ERROR"'
stdout 'does not count: approvals-missing'
$ api 200 auditor GET /api/v1/audit | grep -o '"action":"INTAKE"[^}]*approvals-missing' | wc -l
| 1
$ . ./send.sh; approved_by carol && again "$(cat id)" >shown && grep -o '"onboardingState":"[A-Z]*"' shown && grep -o '"x-sallyport-exceptions":\["[0-9a-f]*"\]' shown | grep -c "$(cat d)"
| "onboardingState":"ONBOARDED"
| 1
$ api 409 vendor POST "/api/v1/packages/$(cat id)/intake" >/dev/null && api 200 auditor GET /api/v1/audit | grep -c "clean by exception $(cat d)"
| 1
# Its verdict has the exception, and the node takes the order that rests on it.
$ api 200 alice-web GET "/api/v1/packages/$(cat id)/verdict" >1.verdict && sallyport verify 1.verdict --policy policy.json
stdout 'EXCEPTION'
stdout 'vendor ticket 4711'
$ rm 1.order && order 1 --sequence 1 && installs 1 && active
| 1
# What it is not about is found as ever: another content with the same words.
$ cp -r tree more && printf 'release 1\n' >more/release && printf 'X release 1\n' >more/second && package more more 9 && settled "$(uploaded more.csar)"
stdout '"onboardingState":"ERROR"'
stdout 'does not count: is about another content, '
# Whoever takes a signature out of the database has made no exception; who puts it there twice has neither.
$ . ./send.sh; server_gone && cp server/server.db good.db && python3 -c 'import sqlite3; d = sqlite3.connect("server/server.db"); d.execute("DELETE FROM signatures WHERE position = 1"); d.commit()' && server_here && settled "$(uploaded 1.csar)"
stdout '"onboardingState":"ERROR"'
stdout 'does not count: approvals-missing'
$ . ./send.sh; server_gone && rm -f server/server.db-* && cp good.db server/server.db && python3 -c '
> import sqlite3
> d = sqlite3.connect("server/server.db")
> d.execute("UPDATE signatures SET (key_id, signature) = (SELECT key_id, signature FROM signatures WHERE position = 0) WHERE position = 1")
> d.execute("INSERT INTO exceptions (digest, until, account, envelope, created) VALUES (?, 9999999999, ?, ?, 1)", ("0" * 64, "x", "no envelope"))
> d.commit()' && server_here && settled "$(uploaded 1.csar)"
stdout '"onboardingState":"ERROR"'
stdout 'does not count: approver-counted-twice'
