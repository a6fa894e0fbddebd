import { access, chmod, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

/**
 * Runs `make` unless the file is there. Another process that is making it is waited for: that saves minutes of building
 * twice, but nothing rests on it, since `installProgram` lets a file appear under its name only when it is whole.
 */
export async function makeOnce(file: string, make: () => Promise<unknown>): Promise<void> {
  const lock = `${file}.lock`
  await mkdir(dirname(file), { recursive: true })
  while (!(await isProgram(file))) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const owner = Number(await readFile(lock, 'utf8').catch(() => ''))
      if (isRunning(owner)) await sleep(100)
      else await rm(lock, { force: true })
      continue
    }
    await make().finally(() => rm(lock, { force: true }))
    return
  }
}

/** Makes a program under a name of this process's own and gives it its real one when it is whole. */
export async function installProgram(target: string, make: (temporary: string) => Promise<unknown>): Promise<void> {
  const temporary = `${target}.${process.pid}.tmp`
  try {
    await make(temporary)
    await chmod(temporary, 0o755)
    await rename(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
