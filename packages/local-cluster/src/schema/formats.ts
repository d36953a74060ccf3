const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const time = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const quantity = /^[+-]?(\d+(\.\d*)?|\.\d+)(m|k|M|G|T|P|E|n|u|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

const formats: Record<string, (value: string) => boolean> = {
  'date-time': (value) => time.test(value) && !Number.isNaN(Date.parse(value)),
  byte: (value) => base64.test(value),
  quantity: (value) => quantity.test(value),
  'micro-time': (value) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}(Z|[+-]\d{2}:\d{2})$/.test(value),
};

/** The format that `value` does not have; undefined when it does, or when the format is one that is not checked. */
export function formatError(format: string | undefined, value: string): string | undefined {
  if (format === undefined) return undefined;
  const matches = formats[format];
  return matches && !matches(value) ? format : undefined;
}
