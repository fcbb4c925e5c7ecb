# D19: each signature of a package has a time stamp of its own, and where a source requires stamps neither stands in for the other's. To stamp takes no
# ML-DSA: the package is one of another machine; what then counts of it is for the library of this one to say.
use stamped
needs openssl
$ cp "$REPO/tests/vectors/hybrid/1.csar" both.csar && edited "$REPO/tests/vectors/hybrid/policy.json" \
>   'p["sources"][0]["time_stamps"] = {"anchors": [open("stamps-ca.pem").read()], "need": "required"}' >both.json
$ refuses 4 time-stamp-missing verify both.csar --policy both.json
# Two questions, two answers, in the order of the signatures; all of them or none.
$ sallyport package timestamp both.csar --query-out 1.tsq --query-out 2.tsq
stdout 'package timestamp both.csar --reply REPLY1.tsr --reply REPLY2.tsr'
$ for n in 1 2; do stamps $n.tsq $n.tsr; openssl ts -query -in $n.tsq -text 2>/dev/null | grep Nonce; done | sort -u | wc -l
| 2
$ cp both.csar before.csar && refuses 2 usage-error package timestamp both.csar --query-out one.tsq && test ! -e one.tsq
> for replies in 1 2 '1 1 2'; do refuses 2 usage-error package timestamp both.csar $(printf -- '--reply %s.tsr ' $replies) || exit 1; done
> for replies in '2 1' '1 1' '2 2'; do refuses 3 time-stamp-invalid package timestamp both.csar $(printf -- '--reply %s.tsr ' $replies) || exit 1; done
> cmp both.csar before.csar
$ refuses 2 usage-error package timestamp 1.csar --reply 1.tsr --reply 2.tsr
$ sallyport package timestamp both.csar --reply 1.tsr --reply 2.tsr --json | grep -o '"serial":"0[0-9]"'
| "serial":"01"
| "serial":"02"
$ unzip -p both.csar demo.mf | sed -n '/BEGIN POST-QUANTUM CMS/,/END POST-QUANTUM CMS/p' | sed 's/POST-QUANTUM //' | openssl cms -cmsout -print -inform PEM | grep -c timeStampToken
| 1
# Over the network it is one step.
$ tsa_here && sallyport package timestamp before.csar --tsa "$(cat tsa.url)" -o fetched.csar | grep -c 'authority  .*CN=Stamps of Example'
| 2
$ if openssl list -signature-algorithms | grep -q ML-DSA-65; then bash with_ml_dsa; else bash without_ml_dsa; fi
| everything was as this library allows
-- without_ml_dsa --
. "$REPO/tests/stories/lib.sh"
set -e
for file in both fetched; do refuses 1 algorithm-unavailable verify $file.csar --policy both.json; done
echo 'everything was as this library allows'
-- with_ml_dsa --
. "$REPO/tests/stories/lib.sh"
set -e
for file in both fetched; do
  [ "$(sallyport verify $file.csar --policy both.json | grep -c 'time stamp .*by CN=Stamps of Example')" = 2 ]
done

# A source of our own, whose releases are signed, stamped, and signed again by either key.
sallyport key create --type ml-dsa-65 -o release-pq.key >/dev/null
openssl req -x509 -newkey ML-DSA-65 -nodes -keyout pq-ca.key -out pq-ca.pem -subj '/CN=acme pq root' -days 30 2>/dev/null
sallyport key csr --key file:release-pq.key --cn 'acme pq release' -o release-pq.csr >/dev/null
printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n' >ext
openssl x509 -req -in release-pq.csr -CA pq-ca.pem -CAkey pq-ca.key -days 20 -out release-pq.pem -extfile ext 2>/dev/null
edited policy.json 'p["signatures"] = {"packages": ["classical", "post-quantum"]}
del p["sources"][1:]
p["sources"][0]["anchors"].append(open("pq-ca.pem").read())
p["sources"][0]["time_stamps"]["need"] = "required"' >own.json
again() { sallyport package sign 1.csar --key "file:$1.key" --cert "$1.pem" >/dev/null; }
stamp_both() {
  rm -f [12].ts[qr]
  sallyport package timestamp 1.csar --query-out 1.tsq --query-out 2.tsq >/dev/null
  for n in 1 2; do stamps $n.tsq $n.tsr; done
  sallyport package timestamp 1.csar --reply 1.tsr --reply 2.tsr >/dev/null
}
rm [12].ts[qr]
stamp 1
again release-pq
refuses 4 time-stamp-missing verify 1.csar --policy own.json
stamp_both
sallyport verify 1.csar --policy own.json >/dev/null
for key in release release-pq; do
  again $key
  refuses 4 time-stamp-missing verify 1.csar --policy own.json
  stamp_both
  sallyport verify 1.csar --policy own.json >/dev/null
done
# Both certificates are over in 25 days; the stamps say when they were not.
sallyport verify 1.csar --policy own.json --at "$(in_days 25)" >/dev/null
echo 'everything was as this library allows'
