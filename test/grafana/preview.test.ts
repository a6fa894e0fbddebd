import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { draw } from '../../grafana/preview/draw.ts'
import { queryOf, type Recording, shownPanels } from '../../grafana/preview/recording.ts'
import { projectRoot } from '../chart/helm.ts'
import { chromiumPath } from '../report/html-page.ts'

import { filledIn, syntaxErrors } from './promql.ts'

const images = join(projectRoot, 'docs/images')
const recording: Recording = JSON.parse(readFileSync(join(images, 'distribution.data.json'), 'utf8'))
const { calls, jain, share, matrix, stats } = shownPanels
const { times, changedAt, panels } = recording

describe('the recording that the picture is drawn from', () => {
  it('has answers to the queries of the panels that are shown, and no others', () => {
    const shown = [calls, jain, share, matrix, ...stats]
    expect(Object.keys(panels).sort()).toEqual([...shown].sort())
    for (const title of shown) expect(syntaxErrors(filledIn(queryOf(title))), title).toEqual([])
    expect(() => queryOf('Calls')).toThrow('the Distribution dashboard has no panel Calls')
  })

  it('has a value or none of every series at every moment', () => {
    for (const [title, series] of Object.entries(panels)) {
      expect(series.length, title).toBeGreaterThan(0)
      for (const { values } of series) expect(values, title).toHaveLength(times.length)
    }
  })

  it('is pinned before the change and even at the end', () => {
    const index = panels[jain]?.[0]?.values
    expect(index?.[changedAt]).toBeCloseTo(1 / 3, 3)
    expect(index?.at(-1)).toBeGreaterThan(0.95)
  })
})

describe.skipIf(chromiumPath === undefined)('the picture (skipped where there is no Chromium)', () => {
  it('is drawn from it, as a PNG of the size of the one that is checked in', async () => {
    const drawn = await draw(recording, chromiumPath as string)
    const kept = readFileSync(join(images, 'distribution.png'))
    expect(sizeOf(drawn)).toEqual(sizeOf(kept))
  })

  it('says what is wrong when it cannot be drawn', async () => {
    const broken = { ...recording, times: null } as unknown as Recording
    await expect(draw(broken, chromiumPath as string)).rejects.toThrow()
  })
})

it('the picture is at most 200 KB', () => {
  expect(statSync(join(images, 'distribution.png')).size).toBeLessThanOrEqual(200 * 1024)
})

/** Width and height of a PNG, from its header. */
const sizeOf = (png: Buffer): [number, number] => {
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  return [png.readUInt32BE(16), png.readUInt32BE(20)]
}
