// Before all tests the table of faults is empty; after them it is printed.
import { forget, table } from './figures.mjs';

export default function setUp() {
  forget();
  return () => {
    const text = table();
    if (text) console.log(`\n${text}\n`);
  };
}
