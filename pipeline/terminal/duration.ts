/** A span of milliseconds as people read it: `0.4s`, `12.3s`, `3m 05s`, `2h 07m`, `4d 03h`. */
export const formatDuration = (milliseconds: number): string => {
  const span = Math.max(0, milliseconds);
  if (span < 59_950) return `${(Math.round(span / 100) / 10).toFixed(1)}s`;
  const seconds = Math.round(span / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
};
