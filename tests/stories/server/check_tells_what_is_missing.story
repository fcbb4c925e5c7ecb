# --check tries all that the server needs, tells each with one line, and changes nothing; its exit code is that of the first that failed.
use server
$ clamd_here && free_port >port && server_config "$(cat port)" "s['yara'] = [here + '/rules.yar']; s['secrets'] = 'look'" >sallyportd.json && sallyportd --config sallyportd.json --check | sed "s#$PWD/##; s/$(cat port)/PORT/"
| ok      configuration sallyportd.json
| ok      policy policy.json
| ok      data server/data
| ok      audit server/audit
| ok      certificate and address 127.0.0.1:PORT
| ok      callbacks
| ok      intake key file:intake.key
| ok      process that reads packages
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
