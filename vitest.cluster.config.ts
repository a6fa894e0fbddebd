import { defineConfig } from 'vitest/config'

// In CI a report is kept beside the output, for the line that counts all tests.
const report = ['json', { outputFile: 'test-results/cluster.json' }] as const

export default defineConfig({
  test: {
    reporters: process.env.CI ? ['default', [...report]] : ['default'],
    include: ['test/cluster/**/*.test.ts'],
    // One cluster, two cores: files run one after another so that no test measures another one's load.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
