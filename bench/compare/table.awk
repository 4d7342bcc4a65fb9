# Prints the figures of a case as a Markdown table. Input: case, round, proxy, metric, value, separated by tabs. Variables: kase; names
# (the rows, by spaces); columns (metric|heading|decimals, by semicolons; metric/proxy is the metric over that proxy's of the same round).
BEGIN { FS = "\t" }

$1 == kase {
  value[$2, $3, $4] = $5
  seen[$3] = 1
  if ($2 > rounds) rounds = $2
}

END {
  count = split(columns, column, ";")
  for (c = 1; c <= count; c++) {
    split(column[c], part, "|")
    metric[c] = part[1]
    heading = heading " " part[2] " |"
    rule = rule "---:|"
    decimals[c] = part[3]
  }
  print "| proxy |" heading
  print "|---|" rule
  rows = split(names, name, " ")
  for (r = 1; r <= rows; r++) {
    if (!(name[r] in seen)) continue
    line = "| " name[r] " |"
    for (c = 1; c <= count; c++) line = line " " cell(name[r], metric[c], decimals[c]) " |"
    print line
  }
}

function cell(proxy, metric, decimals,    part, base, round, n, sorted, form) {
  split(metric, part, "/")
  base = metric ~ /\// ? part[2] : ""
  for (round = 1; round <= rounds; round++) {
    if (!((round, proxy, part[1]) in value)) continue
    if (base == "") insert(sorted, ++n, value[round, proxy, part[1]] + 0)
    else if (value[round, base, part[1]] > 0) insert(sorted, ++n, value[round, proxy, part[1]] / value[round, base, part[1]])
  }
  if (!n) return "-"
  form = "%." decimals "f"
  if (n == 1) return sprintf(form, sorted[1])
  return sprintf(form " (" form " to " form ")", (sorted[int((n + 1) / 2)] + sorted[int(n / 2) + 1]) / 2, sorted[1], sorted[n])
}

# Keeps the first n of an array in order.
function insert(sorted, n, x,    i) {
  for (i = n - 1; i >= 1 && sorted[i] > x; i--) sorted[i + 1] = sorted[i]
  sorted[i + 1] = x
}
