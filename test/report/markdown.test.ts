import { describe, expect, it } from 'vitest'
import { markdownTable } from '../../scripts/report/markdown.ts'
import { crowd, even, failed, hostile, hostileInfo, hostileNotRun, info, notRun, pinned, scaled } from './rows.ts'

describe('the Markdown table', () => {
  it('tells when and with what, links each scenario to its values, and explains what is not as expected', () => {
    expect(
      markdownTable([pinned, failed, scaled, notRun], info),
    ).toBe(`Measured on 2026-10-14 12:03 UTC in 12 min 4 s. With evenly 0.2.0, kubernetes 1.34.1, istio 1.31.0, gateway-api 1.6.0. 2 of 4 as expected, 1 not, 1 not run.

| scenario | expected | verdict | share per pod, % | failed | new pods found |
| --- | --- | --- | --- | --- | --- |
| [cluster-ip](values/cluster-ip.yaml) | pinned | ✔ pinned | 100.0 / 0.0 / 0.0 | 0 of 300 |  |
| [istio-fault](values/istio-fault.yaml) | even | ✖ even | 34.0 / 33.3 / 32.7 | 150 of 300 |  |
| [headless-max-age](values/headless-max-age.yaml) | even | ✔ even | 33.7 / 33.3 / 33.0 | 0 of 300 | after 0.31 s to 4.3 s |
| [istio-ambient](values/istio-ambient.yaml) | even | – The cluster has no ztunnel, which ambient needs. |  |  |  |

- istio-fault: not met: the proxy aborts them itself: 12 of them reached a pod.
- istio-fault: counts differ: ${failed.truth.explanation}`)
  })

  it('says so when nobody knows the time, and has no notes when all is as expected', () => {
    const [head, ...rest] = markdownTable([even]).split('\n')
    expect(head).toBe(
      'The results were saved without the time and the versions they were measured with. 1 of 1 as expected.',
    )
    expect(rest).toHaveLength(4)
  })

  it('gives of 200 pods the least and the largest share', () => {
    expect(markdownTable([crowd])).toContain('| 0.5 to 0.5 on 200 pods |')
  })

  it('has as many cells in every row, whatever the texts hold', () => {
    const text = markdownTable([hostile, hostileNotRun], hostileInfo)
    const rows = text.split('\n').filter((line) => line.startsWith('| '))
    expect(rows).toHaveLength(4)
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(7)
  })

  it('lets no text be Markdown, HTML or a command', () => {
    const text = markdownTable([hostile, hostileNotRun], hostileInfo)
    expect(text).toContain('\\<script\\>alert(1)\\</script\\> \\| \\]\\]\\> \\& "quoted" \'single\' ␛\\[2J␀')
    expect(text).not.toMatch(/(?<!\\)[<>`&]/)
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u)
  })

  it('makes an address of any name', () => {
    expect(markdownTable([{ ...pinned, scenario: 'a)(b c\ud800' }])).toContain('(values/a%29%28b%20c%EF%BF%BD.yaml)')
  })
})
