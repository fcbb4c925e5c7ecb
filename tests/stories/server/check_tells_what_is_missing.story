# --check tries all that the server needs, tells each with one line, and changes nothing; its exit code is that of the first that failed.
needs faketime
use server
$ clamd_here && free_port >port && mkdir scratch && server_config "$(cat port)" "s['yara'] = [here + '/rules.yar']; s['secrets'] = 'look'; s['scratch'] = here + '/scratch'" >sallyportd.json && sallyportd --config sallyportd.json --check | sed "s#$PWD/##; s/$(cat port)/PORT/"
| ok      configuration sallyportd.json
| ok      policy policy.json
| ok      accounts
| ok      database (not opened)
| ok      data server/data
| ok      limits
| ok      audit server/audit
| ok      certificate and address 127.0.0.1:PORT
| ok      callbacks
| ok      intake key file:intake.key
| ok      process that reads packages
| ok      scratch scratch
| ok      clamd clamd/clamd.sock
| ok      YARA rules
| The configuration can be used.
$ find server -type f | wc -l
| 0
# The server runs already.
$ server_here && sallyportd --config sallyportd.json --check
[exit 2]
stdout 'failed  certificate and address 127.0.0.1:'
stdout 'Address already in use'
stdout 'ok      YARA rules'
! stdout 'can be used'
# What would be known only when it is needed: an account that can do nothing, a certificate out of its time, a password that is repeated to nobody.
$ server_gone && openssl req -new -key web.tls.key -subj /CN=server -out old.csr && faketime -f -9d openssl x509 -req -in old.csr -signkey web.tls.key -days 1 -out old.pem 2>/dev/null && rmdir scratch && python3 -c '
> import json
> s = json.load(open("sallyportd.json"))
> s["certificate"], s["database"] = s["certificate"].replace("web.tls", "old"), "postgres:password=secret"
> s["accounts"][2]["person"] = "nobody"
> s["accounts"][0]["limits"] = {"bytes_max": 2 ** 53}
> json.dump(s, open("wrong.json", "w"))' && sallyportd --config wrong.json --check
[exit 2]
stdout 'failed  accounts  usage-error: account alice-web; expected: a person of the policy; found: nobody'
stdout 'failed  database (not opened)  usage-error: database; expected: sqlite:PATH or postgresql:SETTINGS; found: another form'
stdout 'failed  limits  usage-error: account vendor limits.bytes_max; expected: at most '
stdout 'found: 9007199254740992'
stdout 'failed  certificate and address'
stdout 'certificate-expired'
stdout 'failed  scratch'
! stdout 'secret'
$ mkdir scratch && server_here
# Everything that is wrong is told at once.
$ server_gone && clamd_gone && echo 'rule broken { condition: nothing }' >rules.yar && mv server/data elsewhere && cp alice.key intake.key && sallyportd --config sallyportd.json --check
[exit 2]
stdout 'failed  data'
stdout 'failed  intake key'
stdout 'verdict-signer-unknown'
stdout 'failed  clamd'
stdout 'scanner-unreachable'
stdout 'failed  YARA rules'
stdout 'scanner-failed'
! stdout 'can be used'
-- rules.yar --
rule nothing { strings: $a = "certainly not in there" condition: $a }
