# A12: evidence in which a line was edited, deleted or added, a transcript changed or taken away, is none.
use upgraded
$ sallyport evidence run --root node -o good >/dev/null && sallyport evidence verify good --key node/node.pub
stdout 'complete and as it was signed'
$ again() { rm -rf bad && cp -a good bad; }
> again && sed -i '0,/"not-run"/s//"pass"/' bad/evidence.json && refuses 3 evidence-malformed evidence verify bad --key node/node.pub
> again && sed -i '0,/approvals-missing/s//approvals-enough/' bad/evidence.json && refuses 3 evidence-malformed evidence report bad -o bad.html
> again && echo >>bad/evidence.json && refuses 3 evidence-malformed evidence verify bad --key node/node.pub
> again && transcript=$(find bad/transcripts -type f | head -n 1) && echo more >>"$transcript"
> refuses 3 evidence-malformed evidence verify bad --key node/node.pub
> rm "$transcript" && refuses 3 evidence-malformed evidence verify bad --key node/node.pub
> again && tamper payload good/evidence.dsse bad/evidence.dsse && refuses 3 evidence-malformed evidence verify bad --key node/node.pub
> again && sallyport key create -o other.key >/dev/null && refuses 3 evidence-malformed evidence verify bad --key other.key.pub
> test ! -e bad.html
$ sallyport evidence verify good/evidence.json --key node/node.pub
stdout 'complete and as it was signed'
# A folder with other results in it is not written into.
$ refuses 2 file-exists evidence run --root node -o good
