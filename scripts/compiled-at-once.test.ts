import { expect, it } from 'vitest';
import { compiledAtOnce } from './compiled-at-once.ts';

it('puts modules in parentheses, and nothing else', () => {
  const bundle =
    '(()=>{var e={12:(e,t)=>{t.a={1:()=>2}},7:function(e){e.exports="{8:()=>9}"}};var t={1:()=>2,a:3};e[12]({},{})})();\n';
  expect(compiledAtOnce(bundle)).toBe(
    '(()=>{var e={12:((e,t)=>{t.a={1:()=>2}}),7:(function(e){e.exports="{8:()=>9}"})};var t={1:()=>2,a:3};e[12]({},{})})();\n',
  );
});

it('leaves those as they are that have them already', () => {
  const part = 'exports.modules={7:((e)=>{e.exports=1})};';
  expect(compiledAtOnce(part)).toBe(part);
});
