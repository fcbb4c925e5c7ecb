# A witness speaks C2SP tlog-witness to whoever asks: each answer with its status and its content type.
use logged
$ witness_here w1 && sallyport log append 1.csar 1.verdict 1.order --log log --key file:log.key
$ cp -a log fork && sallyport log append 2.csar --log log --key file:log.key && sallyport log append 3.csar --log fork --key file:log.key
$ sallyport log request --log log --old 0 -o request >/dev/null && python3 ask.py request
| 200 text/plain; charset=utf-8 cosigned
# It stands at 4 now.
$ python3 ask.py request
| 409 text/x.tlog.size 4
$ sallyport log request --log log --old 4 -o request >/dev/null && python3 ask.py request
| 200 text/plain; charset=utf-8 cosigned
# Another history of the same size; one that grew from it.
$ sallyport log request --log fork --old 4 -o request >/dev/null && python3 ask.py request
| 422 text/plain; charset=utf-8 log-forked
$ sallyport log append 2.csar --log fork --key file:log.key >/dev/null && sallyport log request --log fork --old 4 -o request >/dev/null && python3 ask.py request
| 422 text/plain; charset=utf-8 log-forked
# A log that nobody named; one in another's name; what is no request; what is too much.
$ sallyport log create --log other --origin other.example --key file:w2.key >/dev/null && sallyport log request --log other --old 0 -o request >/dev/null && python3 ask.py request
| 404 text/plain; charset=utf-8 log-unknown
$ sallyport log create --log forged --origin log.example/packages --key file:w2.key >/dev/null && sallyport log request --log forged --old 0 -o request >/dev/null && python3 ask.py request
| 403 text/plain; charset=utf-8 log-signature-invalid
$ echo hello >request && python3 ask.py request
| 400 text/plain; charset=utf-8 witness-request-malformed
$ head -c 300000 /dev/zero >request && python3 ask.py request
| 413 text/plain too much
# A second witness on the same folder, and a port that is taken.
$ refuses 2 usage-error log watch --listen "127.0.0.1:$(sed 's/.*://' w1.url)" --state w1 --name w1.example --key file:w1.key --policy policy.json
# What it remembers outlives it; what it cannot read it does not go by.
$ witness_gone w1 && witness_here w1 && sallyport log request --log fork --old 4 -o request >/dev/null && python3 ask.py request
| 422 text/plain; charset=utf-8 log-forked
$ truncate -s 40 w1/seen/* && sallyport log request --log log --old 4 -o request >/dev/null && python3 ask.py request
| 500 text/plain; charset=utf-8 log-damaged
-- ask.py --
import http.client, sys
host = open("w1.url").read().strip().removeprefix("http://")
connection = http.client.HTTPConnection(host)
try:
    connection.request("POST", "/add-checkpoint", open(sys.argv[1], "rb").read())
except BrokenPipeError:
    pass
answer = connection.getresponse()
body = answer.read().decode()
print(answer.status, answer.getheader("content-type"), "cosigned" if body.startswith("— w1.example ") else body.strip())
