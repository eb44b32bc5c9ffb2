/** A floating-point number as a cell; the same text as the data plane's macro `float_text` gives. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-4 && size < 1e16)) return String(value === 0 ? 0 : value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}

/** Microseconds as decimal seconds with the type's digits. */
export function secondsText(micros: string, digits: number): string {
  const negative = micros.startsWith('-');
  const text = (negative ? micros.slice(1) : micros).padStart(7, '0');
  const whole = text.slice(0, -6);
  const fraction = text.slice(-6);
  if (digits === 0) return negative && fraction !== '000000' ? String(-BigInt(whole) - 1n) : `${negative ? '-' : ''}${whole}`;
  const shown = digits > 6 ? fraction.padEnd(digits, '0') : fraction.slice(0, digits);
  return `${negative ? '-' : ''}${whole}.${shown}`;
}
