// show(...values) prints each as a line of JSON, with what JSON lacks.
globalThis.show = (...values) => {
  const plain = (key, v) => {
    if (typeof v === 'bigint') return `${v}n`;
    return v instanceof Map || v instanceof Set ? [...v] : v;
  };
  for (const v of values) console.log(JSON.stringify(v, plain));
};
