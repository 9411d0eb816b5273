/** An instant (epoch milliseconds) as Java prints it: `Wed Mar 10 07:12:37 UTC 2021`. */
export function javaDate(instant: number): string {
  const [day, date, month, year, time] = new Date(instant).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
