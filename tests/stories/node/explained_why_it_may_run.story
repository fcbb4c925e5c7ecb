# Why something may run on this node, or may not: generation, entry, package, signer, order, approvers, verdict, each proved again. RI-3, RO-2
use service
$ sallyport explain node/generations/1/tree/bin/sleep --root node
stdout 'may-run: listed'
stdout '1, which may run'
stdout 'bin/sleep'
stdout 'demo 1, counter 1, sha256 '
stdout 'CN=acme release; source acme'
stdout 'ordinary, sequence 1'
stdout 'alice'
stdout 'bob, carol'
stdout 'clean, by intake-1 at '
stdout 'none runs'
$ sallyport explain node/generations/1/tree/bin/sleep --root node --json
json .result.answer "may-run"
json .result.reason "listed"
json .result.generations[0].generation 1
json .result.generations[0].entries[0] "bin/sleep"
json .result.generations[0].signers[0] "CN=acme release"
json .result.generations[0].approvers[1] "carol"
json .result.gate "none"
# The content counts, and no name: a copy may, what has one byte more or another one may not.
$ cp node/generations/1/tree/bin/sleep copy && sallyport explain ./copy --root node >/dev/null && cp copy stray && echo >>stray
> python3 -c 'f = open("copy", "r+b"); f.seek(9); f.write(b"x")' && refuses 3 gate-denied explain ./copy --root node
$ sallyport explain ./stray --root node
[exit 3]
stdout 'may-not-run: unlisted'
stdout 'a size that nothing listed has'
# What ran before and may run no more says whose it is.
$ cp node/generations/1/tree/release before && installs 2 && refuses 3 gate-denied explain before --root node && grep -o 'of generation 1, which may not run now' refusal.json
| of generation 1, which may not run now
# Hostile names and things: links, names that are no text, what would wait or never end, names like codes.
$ ln -s node/active/tree/bin/sleep link && sallyport explain link --root node
stdout '/generations/2/tree/bin/sleep'
$ mkfifo pipe && ln -s loop loop && cp stray $'st\xff\nray' && truncate -s 1T huge && cp stray order-replayed
> for name in pipe . $'st\xff\nray' huge ./order-replayed; do refuses 3 gate-denied explain "$name" --root node; python3 -m json.tool refusal.json >/dev/null; done
> (timeout 20 sallyport explain pipe --root node 2>/dev/null || true) | grep -o 'not-a-file'; sallyport explain order-replayed | head -n 1
| not-a-file
| order-replayed
$ refuses 2 file-missing explain ./loop --root node && refuses 2 file-missing explain ./nothing --root node && refuses 2 node-not-initialised explain ./stray --root tree
$ sallyport explain /dev/null --root node
stdout 'not-asked: outside-scope'
# A process: by its program, wherever that lies now and whatever it calls itself.
$ node/active/tree/bin/sleep 600 & sallyport explain $! --root node --json
json .result.kind "process"
json .result.answer "may-run"
json .result.generations[0].generation 2
$ ./stray 600 & p=$!; for _ in $(seq 200); do if [[ $(readlink /proc/$p/exe) = */stray ]]; then break; fi; sleep 0.05; done; rm stray
> refuses 3 gate-denied explain $p --root node && grep -o '(deleted)' refusal.json | head -n 1
| (deleted)
$ unshare -m sh -c 'mount -t tmpfs none /mnt && cp node/active/tree/bin/sleep /mnt/sleep && exec /mnt/sleep 600' & p=$!
> for _ in $(seq 200); do if [ "$(readlink /proc/$p/exe)" = /mnt/sleep ]; then break; fi; sleep 0.05; done
> sallyport explain $p --root node
stdout '/mnt/sleep'
stdout 'may-run: listed'
$ true & p=$!; wait $p; refuses 2 file-missing explain $p --root node
# Papers that are not what was signed explain nothing.
$ for paper in order verdict; do
>   cp node/generations/2/$paper.dsse kept && cp node/generations/1/$paper.dsse node/generations/2/$paper.dsse
>   refuses 3 generation-damaged explain ./link --root node && grep -o "generations/2/$paper.dsse" refusal.json | head -n 1 && cp kept node/generations/2/$paper.dsse
> done
| generations/2/order.dsse
| generations/2/verdict.dsse
$ cp node/generations/2/verdict.dsse node/generations/2/order.dsse && (sallyport explain link --root node --json 2>err || true) >out
> grep -o '"kind":"refused","exit":[0-9]*' out
| "kind":"refused","exit":3
