import { defineConfig } from 'vitest/config'

// In CI a report is kept beside the output, for the line that counts all tests.
const report = ['json', { outputFile: 'test-results/unit.json' }] as const

export default defineConfig({
  test: {
    reporters: process.env.CI ? ['default', [...report]] : ['default'],
    include: ['test/**/*.test.ts'],
    exclude: ['test/cluster/**'],
    // Most tests wait for processes, so two run at a time on two cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
