import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Row } from '../cluster/result.ts'
import { scenarioCard } from './html/scenario-card.ts'
import { summaryCard } from './html/summary-card.ts'
import { Markup, markup } from './markup.ts'
import { type RunInfo, versionsText, whenText } from './run-info.ts'
import { summary } from './sentences.ts'

/** The rows as one HTML file that shows everything there is to a row, and needs neither network nor scripts. */
export function htmlPage(rows: readonly Row[], info?: RunInfo): string {
  const versions = versionsText(info)
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evenly: ${summary(rows)}</title>
<link rel="icon" href="data:,">
<style>${new Markup(styles)}</style>
</head>
<body>
<header class="page">
<h1>How gRPC calls spread over pods</h1>
<p>${whenText(info)}${versions && ` With ${versions}.`}</p>
</header>
<main>
${summaryCard(rows)}
${rows.map((row, index) => scenarioCard(row, `scenario-${index + 1}`))}
</main>
</body>
</html>`
  return text
}

const styles = readFileSync(new URL('./html/report.css', import.meta.url), 'utf8')

/** Nothing is fetched, run or sent; the only style is the one above, by its hash. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')
