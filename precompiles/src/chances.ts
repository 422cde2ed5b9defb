/**
 * A classifier's scores are no chances: int8 with a zero point, so -41 of -128..127 would be drawn as a third of a bar though
 * the digit is all but excluded. softmax(score / temperature) with the one temperature that fits held-out answers best (Guo et
 * al. 2017, "On Calibration of Modern Neural Networks") is. For people: floats, no part of what validators compute.
 */
export function chances(scores: readonly number[], temperature: number): number[] {
  const best = Math.max(...scores);
  const weights = scores.map((score) => Math.exp((score - best) / temperature));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

export type Answered = { label: number; scores: readonly number[] };

const MAX_TEMPERATURE = 127; // int8's scale

/** The whole number under which the answers' labels are likeliest. */
export function fitTemperature(answers: readonly Answered[]): number {
  const loss = (t: number) => answers.reduce((sum, { label, scores }) => sum - Math.log(chances(scores, t)[label] as number), 0);
  const losses = Array.from({ length: MAX_TEMPERATURE }, (_, i) => loss(i + 1));
  return losses.indexOf(Math.min(...losses)) + 1;
}
