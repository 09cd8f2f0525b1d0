// The part of Merlin (https://merlin.cool/transcript/index.html, over STROBE-128) that checking signatures needs.

import { keccak } from './keccak';

/** STROBE-128's rate, less its two bytes of padding. */
const RATE: usize = 166;
const META_AD: u8 = 0x12;
const AD: u8 = 0x02;
const PRF: u8 = 0x07;

const STATE = memory.data(200, 8);
let position: usize = 0;
let begun: u8 = 0;

/** The state after what all signatures begin with. */
const COMMON = memory.data(200, 8);
let commonPosition: usize = 0;
let commonBegun: u8 = 0;

export function initializeTranscript(): void {
  memory.fill(STATE, 0, 200);
  position = 0;
  begun = 0;
  absorbByte(1);
  absorbByte(<u8>RATE + 2);
  absorbByte(1);
  absorbByte(0);
  absorbByte(1);
  absorbByte(96);
  absorbText('STROBEv1.0.2');
  keccak(STATE);
  position = 0;
  operation(META_AD);
  absorbText('Merlin v1.0');
  appendText('dom-sep', 'SigningContext');
  appendText('', 'substrate');
  memory.copy(COMMON, STATE, 200);
  commonPosition = position;
  commonBegun = begun;
}

/** Begins a message of this length, which `absorb` takes. */
export function beginMessage(length: u32): void {
  memory.copy(STATE, COMMON, 200);
  position = commonPosition;
  begun = commonBegun;
  begin('sign-bytes', length);
}

/** 64 bytes, which the signature's number k is taken from. */
export function challenge(publicKey: usize, R: usize): usize {
  appendText('proto-name', 'Schnorr-sig');
  begin('sign:pk', 32);
  absorb(publicKey, 32);
  begin('sign:R', 32);
  absorb(R, 32);
  frame('sign:c', 64);
  operation(PRF);
  if (position != 0) permute();
  return STATE;
}

function appendText(label: string, text: string): void {
  begin(label, text.length);
  absorbText(text);
}

function begin(label: string, length: u32): void {
  frame(label, length);
  operation(AD);
}

function frame(label: string, length: u32): void {
  operation(META_AD);
  absorbText(label);
  for (let shift: u32 = 0; shift < 32; shift += 8) absorbByte(<u8>(length >> shift));
}

function operation(flags: u8): void {
  const previous = begun;
  begun = <u8>position + 1;
  absorbByte(previous);
  absorbByte(flags);
}

/** ASCII alone; a string here has two bytes for each character. */
function absorbText(text: string): void {
  for (let i = 0; i < text.length; i++) absorbByte(load<u8>(changetype<usize>(text) + (i << 1)));
}

export function absorb(bytes: usize, length: usize): void {
  for (let i: usize = 0; i < length; i++) absorbByte(load<u8>(bytes + i));
}

function absorbByte(byte: u8): void {
  exclusiveOr(position, byte);
  position += 1;
  if (position == RATE) permute();
}

function exclusiveOr(at: usize, byte: u8): void {
  store<u8>(STATE + at, load<u8>(STATE + at) ^ byte);
}

function permute(): void {
  exclusiveOr(position, begun);
  exclusiveOr(position + 1, 0x04);
  exclusiveOr(RATE + 1, 0x80);
  keccak(STATE);
  position = 0;
  begun = 0;
}
