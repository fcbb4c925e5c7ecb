# --json gives one object, on success and on failure, with the same members; exit codes are those of the code's registry.
use node
$ cat >members.py <<'PYTHON'
> import json, sys
> text = open("out").read()
> said = json.loads(text)
> assert text.count("\n") == 1 and text.endswith("\n"), "not one line"
> status, ok = int(sys.argv[1]), sys.argv[1] == "0"
> assert set(said) == {"schema", "command", "ok", "result"} | (set() if ok else {"error"}), said.keys()
> assert said["schema"] == "sallyport-output/1" and said["ok"] is ok
> assert said["command"] == sys.argv[2], said["command"]
> if not ok:
>     members = {"code", "kind", "exit", "meaning", "where", "expected", "found", "effect", "next_step", "steps"}
>     assert set(said["error"]) == members, said["error"].keys()
>     assert said["error"]["exit"] == status and said["error"]["kind"] in ("refused", "fault")
>     assert said["error"]["effect"] and said["error"]["next_step"] and said["error"]["meaning"]
> PYTHON
> says() {
>   s=0; sallyport ${@:3} --json >out 2>err || s=$?
>   test "$s" = "$1" && python3 members.py "$1" "$2"
> }
> says 0 verify verify 1.csar --policy policy.json
> says 0 inspect inspect 1.csar
> says 10 diff diff 1.csar 2.csar
> says 0 'policy check' policy check policy.json
> says 0 'deploy show' deploy show 1.order --policy policy.json
> says 4 'deploy approve' deploy approve 1.order --policy policy.json --as alice --key file:alice.key
> says 6 'deploy approve' deploy approve 1.order --policy policy.json --as dave --key file:eve.key
> says 5 'intake submit' intake submit 1.csar --policy policy.json --key file:intake.key --clamd no.sock -o new.verdict
> says 1 'key show' key show file:policy.json
> says 2 'node status' node status
> says 2 ''
> says 0 '' --help
> says 0 'node install' node install --help
> says 0 'node' node --help
> says 0 'node install' node install $(install_args 1)
> says 7 'node install' node install $(install_args 1)
> tamper flip 2.csar manifest bad.csar && twin 2 bad && says 3 'node install' node install $(install_args bad)
> for command in status verify history fsck; do says 0 "node $command" node $command --root node; done
