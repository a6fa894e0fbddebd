import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { labScenarios } from '../../scripts/lab/scenarios.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(`${root}README.md`, 'utf8')
const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```/gms)].map(([, kind, text]) => ({ kind, text: text as string }))

describe('README', () => {
  it('opens with exactly two command lines: the main job and the tests', () => {
    expect(blocks[0]?.text).toBe('npm ci && npm start\nnpm test\n')
  })

  const sessions = blocks.filter(({ kind }) => kind === 'console')
  it('has sessions to check', () => expect(sessions.length).toBeGreaterThan(0))

  it.each(sessions)('shows what the command really prints: $text', ({ text }) => {
    const [command, ...output] = text.split('\n')
    const args = (command as string).replace('$ npx evenly ', '').split(' ')
    const printed = execFileSync(process.execPath, ['bin/evenly.js', ...args], { cwd: root, encoding: 'utf8' })
    expect(printed.trimEnd()).toBe(output.join('\n').trimEnd())
  })

  it('shows what evenly check really finds', () => {
    const shown = [...readme.matchAll(/<!-- output: npx evenly (check .*) -->\n```\n(.*?)```/gs)]
    expect(shown).toHaveLength(1)
    for (const [, args = '', output] of shown) {
      const env = { ...process.env, NO_COLOR: '1' }
      const { stdout } = spawnSync(process.execPath, ['bin/evenly.js', ...args.split(' ')], {
        cwd: root,
        encoding: 'utf8',
        env,
      })
      expect(stdout).toBe(output)
    }
  })

  it("shows the lab's scenarios, in order, each with the verdict that is expected of it", () => {
    const table = blocks.find(({ text }) => text.startsWith('scenario '))?.text ?? ''
    const rows = [...table.matchAll(/^(\S+) +(\S+) +✔ (\S+)/gm)].map(([, name, expected, verdict]) => ({
      name,
      expected,
      verdict,
    }))
    expect(rows).toEqual(labScenarios.map(({ name, expected }) => ({ name, expected, verdict: expected })))
  })

  it('can run npx evenly: the program behind it is executable', () => {
    expect(statSync(`${root}bin/evenly.js`).mode & 0o111).toBe(0o111)
  })

  it('names only scripts, files and values that exist', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
    for (const [, name] of readme.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toHaveProperty(name as string)
    for (const [, file] of readme.matchAll(/(?:-f (?=values|services)|\]\()([\w./-]+)/g)) {
      expect(() => statSync(`${root}${file}`), file).not.toThrow()
    }
  })
})
