import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { pinned } from './findings/samples.ts'

const root = join(import.meta.dirname, '../..')
const read = (file: string) => parse(readFileSync(join(root, file), 'utf8'))

describe('the GitHub Action', () => {
  const action = read('action.yml')
  const [install, check] = action.runs.steps

  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'evenly-action-'))
    writeFileSync(join(folder, 'a b.yaml'), 'replicaCout: 1\n')
    writeFileSync(join(folder, 'fine.yaml'), 'replicaCount: 2\n')
    writeFileSync(join(folder, 'advice.yaml'), 'loadBalancing: {policy: LEAST_CONN}\n')
    writeFileSync(join(folder, 'pinned.yaml'), pinned)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Runs the step as GitHub does: inputs that are not given are empty, but for those that have a default. */
  function run(inputs: Readonly<Record<string, string>>) {
    const output = join(folder, 'output')
    writeFileSync(output, '')
    const given = Object.keys(action.inputs).map((name) => [
      `INPUT_${name.toUpperCase().replaceAll('-', '_')}`,
      inputs[name] ?? action.inputs[name].default ?? '',
    ])
    const env = {
      ...process.env,
      ...Object.fromEntries(given),
      GITHUB_ACTION_PATH: root,
      GITHUB_OUTPUT: output,
      NO_COLOR: '1',
    }
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', check.run],
      {
        ...{ cwd: folder, env, encoding: 'utf8', timeout: 50_000 },
      },
    )
    return { status, stdout, stderr, output: readFileSync(output, 'utf8') }
  }

  it('is a composite one, whose every input reaches the step as a variable, and none as text of a script', () => {
    expect(action.runs.using).toBe('composite')
    expect(action.inputs.paths.required).toBe(true)
    expect(Object.values(check.env)).toEqual(Object.keys(action.inputs).map((name) => `\${{ inputs.${name} }}`))
    for (const step of action.runs.steps)
      expect([step.shell, step.run]).toEqual(['bash', expect.not.stringContaining('${{')])
    expect(install.run).toContain('npm ci --omit=dev')
    expect(action.outputs['exit-code'].value).toBe(`\${{ steps.${check.id}.outputs.exit-code }}`)
  })

  it('fails with the findings and the exit code of the command', () => {
    const { status, stdout, output } = run({ paths: 'a b.yaml\nfine.yaml\n' })
    expect([status, output]).toEqual([79, 'exit-code=79\n'])
    expect(stdout).toMatch(/^a b\.yaml:1:1: error replicaCout: /)
  })

  it('passes where there is no error', () => {
    expect(run({ paths: 'fine.yaml' })).toMatchObject({ status: 0, stdout: '', output: 'exit-code=0\n' })
    expect(run({ paths: 'advice.yaml' })).toMatchObject({ status: 0, stdout: expect.stringContaining('advice') })
    expect(run({ paths: 'advice.yaml', severity: 'error' })).toMatchObject({ status: 0, stdout: '' })
  })

  it('hands over values, settings, the mesh and further arguments', () => {
    expect(run({ paths: 'fine.yaml', values: 'a b.yaml' }).stdout).toMatch(/^a b\.yaml:1:1/)
    expect(run({ paths: 'fine.yaml', set: 'replicaCout=1\nreplicaCount=2' }).stdout).toMatch(/^--set:1:1/)
    expect(run({ paths: 'a b.yaml', args: '--ignore=unknown-key: on purpose' }).status).toBe(0)
    expect(run({ paths: 'pinned.yaml' }).status).toBe(79)
    expect(run({ paths: 'pinned.yaml', mesh: 'istio' }).stdout).not.toContain('cluster-ip-pins')
  })

  it('writes SARIF to a file, and fails all the same', () => {
    const { status, stdout } = run({ paths: 'a b.yaml', 'sarif-file': 'out.sarif' })
    expect([status, stdout]).toEqual([79, expect.stringContaining('[unknown-key]')])
    const { runs } = JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8'))
    expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b.yaml')
  })

  it('takes what looks like commands or options for names', () => {
    const names = ['$(touch owned)', '`touch owned`', '"; touch owned; "', '-o', '*']
    const { status, stderr } = run({ paths: names.join('\n'), set: 'a=$(touch owned)' })
    expect(status).toBe(65)
    for (const name of names) expect(stderr).toContain(`evenly: ${name} cannot be read (ENOENT)`)
    expect(existsSync(join(folder, 'owned'))).toBe(false)
  })

  it('does not wait for stdin when there is no path', () => {
    expect(run({ paths: '\n' })).toMatchObject({ status: 65, stderr: expect.stringMatching(/^evenly: stdin is empty/) })
  })
})

describe('the hook of pre-commit', () => {
  const hooks = read('.pre-commit-hooks.yaml')

  it('runs evenly check on the files that it is given', () => {
    expect(hooks).toMatchObject([{ id: 'evenly-check', entry: 'evenly check', language: 'node', types: ['yaml'] }])
    expect(hooks[0].pass_filenames ?? true).toBe(true)
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).bin.evenly).toBe('bin/evenly.js')
  })

  it.each([
    ['values.yaml', true],
    ['deploy/values-prod.yml', true],
    ['values/prod.yaml', true],
    ['k8s/manifests/shop/orders.yaml', true],
    ['charts/shop/templates/values.yaml', false],
    ['manifests/crds/x.yaml', false],
    ['manifests/Chart.yaml', false],
    ['charts/shop/Chart.yaml', false],
    ['.github/workflows/ci.yaml', false],
    ['docker-compose.yaml', false],
    ['myvalues/x.yaml', false],
  ])('%s is looked at: %s', (file, isLookedAt) => {
    const [{ files, exclude }] = hooks
    expect(new RegExp(files).test(file) && !new RegExp(exclude).test(file)).toBe(isLookedAt)
  })
})
