interface CallOptions {
  /** An AbortSignal. */
  signal?: { readonly aborted: boolean; readonly reason: any };
  /** In milliseconds. */
  timeout?: number;
  onFull?: 'error' | 'wait';
}

export interface place {
  x: number;
  y: number;
}

export interface place_input {
  x: number;
  /** @default `1` */
  y?: number | bigint | undefined;
}

export type on_step = (
  at: place,
  note: string | undefined,
  new_: any
) => number | bigint;

export interface handlers {
  step: on_step;
  done?: ((bytes: Uint8Array<ArrayBuffer>) => void) | null | undefined;
}

export type pair = [first: string, second: place];

export type pair_input = readonly [first: string, second: place_input];

export type id = number | string | place;

export type id_input = number | bigint | string | place_input;

export type access = 'read' | 'write';

export type lax = [a: number, b: ((bytes: Uint8Array<ArrayBuffer>) => void) | null, c: number];

export type lax_input = readonly [a: number, b?: ((bytes: Uint8Array<ArrayBuffer>) => void) | null | undefined, c?: number | bigint | undefined];

export function callbacks(
  step: on_step,
  done?: ((bytes: Uint8Array<ArrayBuffer>) => void) | null,
  all?: handlers
): void;
export namespace callbacks {
  function async(
    step: on_step,
    done?: ((bytes: Uint8Array<ArrayBuffer>) => void) | null,
    all?: handlers,
    options?: CallOptions
  ): Promise<void>;
  namespace async {
    function withOptions(options: CallOptions): typeof async;
  }
}

export function coerced(
  n: unknown,
  big: bigint | number | string | boolean,
  text?: unknown
): void;
export namespace coerced {
  function async(
    n: unknown,
    big: bigint | number | string | boolean,
    text?: unknown,
    options?: CallOptions
  ): Promise<void>;
  namespace async {
    function withOptions(options: CallOptions): typeof async;
  }
}

export function containers(
  numbers: Record<string, number | bigint | null | undefined>,
  pair: pair_input,
  bare: readonly [string, (number | undefined)?],
  mixes: readonly (number | bigint | readonly string[] | Date)[]
): pair;
export namespace containers {
  function async(
    numbers: Record<string, number | bigint | null | undefined>,
    pair: pair_input,
    bare: readonly [string, (number | undefined)?],
    mixes: readonly (number | bigint | readonly string[] | Date)[],
    options?: CallOptions
  ): Promise<pair>;
  namespace async {
    function withOptions(options: CallOptions): typeof async;
  }
}

export function either(id: id_input): id;
export namespace either {
  function async(id: id_input, options?: CallOptions): Promise<id>;
  namespace async {
    function withOptions(options: CallOptions): typeof async;
  }
}

export function in_place(
  a: Uint8Array | Uint8ClampedArray,
  b: BigInt64Array,
  c: Int16Array,
  d: ArrayBuffer | ArrayBufferView
): Float64Array<ArrayBuffer>;

export function method(
  this: place_input,
  access: access | readonly access[],
  ...rest: string[]
): Date;
export namespace method {
  function async(
    this: place_input,
    access: access | readonly access[],
    ...rest: string[]
  ): Promise<Date>;
  namespace async {
    function withOptions(options: CallOptions): typeof async;
  }
}

export function record(n: number | bigint): Record<string, number | null>;
export namespace record {
  function async(
    n: number | bigint,
    options?: CallOptions
  ): Promise<Record<string, number | null>>;
  namespace async {
    function withOptions(options: CallOptions): typeof async;
  }
}

export function tell(
  any: unknown,
  calls?: readonly ((bytes: Uint8Array<ArrayBuffer>) => void)[]
): access[];

export function tuples(
  lax: lax_input,
  bare: readonly [number | bigint | undefined, number, (string | undefined)?, (((bytes: Uint8Array<ArrayBuffer>) => void) | null | undefined)?]
): lax;
export namespace tuples {
  function async(
    lax: lax_input,
    bare: readonly [number | bigint | undefined, number, (string | undefined)?, (((bytes: Uint8Array<ArrayBuffer>) => void) | null | undefined)?],
    options?: CallOptions
  ): Promise<lax>;
  namespace async {
    function withOptions(options: CallOptions): typeof async;
  }
}

export function what(
  maybe?: number,
  ...others: (number | bigint | readonly string[] | Date)[]
): any;

export {};
