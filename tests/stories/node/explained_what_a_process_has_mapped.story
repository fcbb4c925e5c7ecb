# A process is explained with its libraries: each file that it has mapped as code, by its content, whatever became of its name. RI-3, RO-2
use service
needs root unshare
$ cat >lib <<'TEXT'
> # runs WHAT COMMAND...: in $p, as soon as it has mapped WHAT.
> runs() {
>   "${@:2}" >/dev/null 2>&1 & p=$!
>   for _ in $(seq 200); do if grep -qs "r-xp.*$1" "/proc/$p/maps"; then return; fi; sleep 0.05; done
>   echo "$1 is not mapped"; return 1
> }
> sleep=$PWD/node/active/tree/bin/sleep
> TEXT
> cp "$(ldd /bin/true | grep -o '/[^ ]*libc.so.6')" copy.so && cp copy.so stray.so && echo >>stray.so
$ . ./lib && runs libc.so $sleep 600 && sallyport explain $p --root node --json >out && python3 -c 'import json
> said = json.load(open("out"))["result"]; mapped = said["mapped"]
> print(said["answer"], len(mapped), {one["answer"] for one in mapped}, {tuple(one["generations"]) for one in mapped}, said["code_without_file"])
> assert any("libc.so.6" in one["file"] for one in mapped) and not any("bin/sleep" in one["file"] for one in mapped)'
| may-run 2 {'may-run'} {(1,)} 0
# Preloaded: a copy of what is listed may run, another content may not, though the program itself may.
$ . ./lib && runs copy.so env LD_PRELOAD=$PWD/copy.so $sleep 600 && sallyport explain $p --root node
stdout 'may-run: listed, generation 1: '
stdout '/copy.so'
! stdout 'may-not-run'
$ . ./lib && runs stray.so env LD_PRELOAD=$PWD/stray.so $sleep 600 && refuses 3 gate-denied explain $p --root node && sallyport explain $p --root node
[exit 3]
stdout 'answer       may-run: listed'
stdout 'may-not-run: unlisted: '
stdout '/stray.so'
stderr '/stray.so'
# What is mapped is what is asked about, not what bears its name now.
$ . ./lib && runs stray.so env LD_PRELOAD=$PWD/stray.so $sleep 600 && rm stray.so && cp copy.so stray.so && refuses 3 gate-denied explain $p --root node && grep -o 'stray.so (deleted)' refusal.json | sort -u
| stray.so (deleted)
# Elsewhere than on the node's file system nobody asks; code that no file has is counted.
$ . ./lib && echo >>stray.so && runs /mnt/stray.so unshare -m sh -c "mount -t tmpfs none /mnt && cp stray.so /mnt && LD_PRELOAD=/mnt/stray.so exec $sleep 600" && sallyport explain $p --root node
stdout 'not-asked: outside-scope: /mnt/stray.so'
$ . ./lib && cat >makes.py <<'TEXT'
> import mmap, os, time
> memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
> file = os.memfd_create("made")
> os.truncate(file, 4096)
> made = mmap.mmap(file, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC, flags=mmap.MAP_PRIVATE)
> time.sleep(600)
> TEXT
> runs memfd:made python3 makes.py && sallyport explain $p --root node
[exit 3]
stdout 'mappings of code that no file has'
stdout 'not-asked: outside-scope: /memfd:made (deleted)'
# The process that `node status` names is sallyport's own; what is explained is the program of the service.
$ sallyport node start --root node >/dev/null && p=$(sallyport node status --root node --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["result"]["services"][0]["pid"])')
> sallyport explain $p --root node && sallyport explain $p --root node --json | grep -o '"service":"demo"'; sallyport node stop --root node >/dev/null
stdout 'answer       may-run: listed'
stdout 'entry        bin/sleep'
stdout 'service      demo, whose program this is'
stdout '"service":"demo"'
! stdout 'outside-scope'
