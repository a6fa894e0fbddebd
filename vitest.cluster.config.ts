import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/cluster/support/longest-first.ts'

// In CI a report is kept beside the output, for the line that counts all tests.
const report = ['json', { outputFile: 'test-results/cluster.json' }] as const

/** These wait most of the time, for scrapes, pods and limits of time, and measure no load. */
const waiting = [
  'test/cluster/prometheus/**/*.test.ts',
  'test/cluster/{doctor,foreign,istio-injection,manifest-rules,run-errors,subchart,upgrade}.test.ts',
]

export default defineConfig({
  test: {
    reporters: process.env.CI ? ['default', [...report]] : ['default'],
    // Of the tests in a file that run side by side, because they mostly wait for pods.
    maxConcurrency: 3,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'one after another',
          include: ['test/cluster/**/*.test.ts'],
          exclude: waiting,
          // One cluster, two cores: files run one after another so that no test measures another one's load.
          fileParallelism: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'together', include: waiting, maxWorkers: 3, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
