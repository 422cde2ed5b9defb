/** 28 x 28, row by row: a grey value p of 0 (background) to 255 (ink) is the byte p - 128 as int8, which is what the model reads. */
export const SIDE = 28;
const GREY = { ".": 0, "+": 128, "#": 255 };

/** Grey values of a picture that is drawn in a text. */
export const greysOf = (text) => Uint8Array.from(text.replaceAll("\n", ""), (c) => GREY[c]);

export const inputOf = (greys) => Uint8Array.from(greys, (p) => p - 128);
