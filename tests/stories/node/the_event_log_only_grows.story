# Each line of a node's event log is an entry of a tree; a signed checkpoint of it, kept elsewhere, finds every later edit (N01, N02).
use installed
$ sallyport node events --root node -o then.checkpoint
stdout 'events'
$ sallyport node verify --root node && sallyport node events --root node --since then.checkpoint
stdout 'PASS  The event log begins with what it was then.'
$ cp node/events.jsonl good
# An outcome that is turned round.
$ sed -i '1s/accepted/refused/' node/events.jsonl && refuses 7 log-forked node events --root node --since then.checkpoint
# A line that is left out, and an end that is cut off.
$ sed 1d good >node/events.jsonl && refuses 7 log-forked node events --root node --since then.checkpoint
$ head -n 1 good >node/events.jsonl && refuses 7 log-shrunk node events --root node --since then.checkpoint
# A checkpoint that another node signed.
$ cp good node/events.jsonl && sed 's/^node-1/node-2/' then.checkpoint >other && refuses 3 log-unknown node events --root node --since other
$ sed 's/^[0-9][0-9]*$/1/' then.checkpoint >other && refuses 3 log-signature-invalid node events --root node --since other
