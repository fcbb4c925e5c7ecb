# REV: evidence: a document that describes the mechanisms and what was tested.
use upgraded
$ sallyport evidence run --root node -o evidence
stdout 'PASS     RX-1.'
stdout 'PASS     RX-2.'
stdout 'PASS     RI-1.'
stdout 'PASS     RI-2.'
stdout 'PASS     RTC-a.'
stdout 'PASS     RTC-b.'
stdout 'PASS     RO-1.'
stdout 'PASS     RO-2.'
stdout 'NOT RUN  RAV.'
stdout ' 0 failed'
$ sallyport evidence verify evidence --key node/node.pub
stdout 'The evidence is complete and as it was signed.'
$ sallyport evidence report evidence -o report.html --key node/node.pub && grep -c 'RX-1.one-approval-short' report.html
stdout 'report.html'
# A line edited afterwards, a transcript gone, another node's key: no evidence.
$ sed -i 's/"not-run"/"pass"/' evidence/evidence.json
> refuses 3 evidence-malformed evidence verify evidence --key node/node.pub
