import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, '../../../bin/evenly.js')

const doctor = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const env = { ...process.env, NO_COLOR: '1', KUBECONFIG: join(import.meta.dirname, 'nowhere') }
    execFile(process.execPath, [program, 'doctor', ...args], { env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })

describe('evenly doctor', () => {
  it('prints the rights that it uses, which needs no cluster', async () => {
    const everywhere = await doctor('--print-role')
    expect(everywhere).toMatchObject({ code: 0, stderr: '' })
    expect(everywhere.stdout).toMatch(/^apiVersion: rbac.authorization.k8s.io\/v1\nkind: ClusterRole\n/)
    expect((await doctor('--print-role', '-n', 'shop')).stdout).toMatch(
      /^kind: Role\nmetadata:\n {2}name: evenly-doctor\n {2}namespace: shop\n/m,
    )
  })

  it.each([
    [[], /^evenly: no Service is named: evenly doctor SERVICE -n NAMESPACE$/],
    [['Orders!'], /It must be the name of a Service, such as orders\.$/],
    [['orders', '--port', '0'], /It must be a whole number from 1 to 65535\.$/],
    [['orders', '--seconds', 'some'], /It must be a whole number from 0 to 600\.$/],
    [['orders', '-o', 'yaml'], /Allowed choices are text, json\.$/],
  ])('%j: exits 64 with one sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await doctor(...args)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr.trim()).toMatch(sentence)
  })

  it('exits 69 with one sentence where there is no cluster', async () => {
    const { code, stdout, stderr } = await doctor('svc/orders', '-n', 'shop')
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' })
    expect(stderr).toMatch(/^evenly: there is no cluster to run on: KUBECONFIG, /)
  })
})
