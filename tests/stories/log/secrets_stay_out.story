# A PIN in the URI of a key stands in no event, no output and no error (N09), and a name of a file ends no line (N08).
use packages
$ sallyport key create -o log.key && sallyport log create --log log --origin log.example/x --key file:log.key
$ cp 1.csar "$(printf 'a\n{"activity":"x"}\033[2J.csar')"
$ sallyport log append a*.csar --log log --key file:log.key --events events.jsonl && wc -l <events.jsonl
stdout '1'
$ grep -c "$(printf '\033')" events.jsonl || true
| 0
$ sallyport log append 1.csar --log log --key 'pkcs11:token=none;object=key?pin-value=735190' --events events.jsonl >out 2>&1 || true
$ sallyport log append 1.csar --log log --key 'pkcs11:token=none;object=key?pin-value=735190' --events events.jsonl --json >>out 2>&1 || true
$ cat events.jsonl out | grep -c 735190 || true
| 0
$ cat out
stdout '"ok":false'
