'use strict';
// Prints `N passed, N failed[, N skipped]` from Jest's JSON summary. A suite that could not even run counts as a failure.
const { readFileSync } = require('node:fs');

const file = process.argv[2];
try {
  const summary = JSON.parse(readFileSync(file, 'utf8'));
  const brokenSuites = summary.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  ).length;
  const failed = summary.numFailedTests + brokenSuites;
  const skipped = summary.numPendingTests > 0 ? `, ${summary.numPendingTests} skipped` : '';
  console.log(`${summary.numPassedTests} passed, ${failed} failed${skipped}`);
  process.exitCode = failed > 0 || summary.numPassedTests === 0 ? 1 : 0;
} catch (error) {
  console.error(`the summary ${file} cannot be read: ${error.message}`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
