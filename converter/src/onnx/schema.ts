/** The part of onnx.proto3 that a model's meaning needs (github.com/onnx/onnx, IR version 10), as protobufjs takes it; other fields are skipped. */
const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: "repeated" });

export const ONNX = {
  nested: {
    Model: {
      fields: {
        producerName: field(2, "string"),
        opsetImport: list(8, "Opset"),
        graph: field(7, "Graph"),
        functions: list(25, "Function"),
      },
    },
    Opset: { fields: { domain: field(1, "string"), version: field(2, "int64") } },
    Function: { fields: { name: field(1, "string") } },
    Graph: {
      fields: {
        node: list(1, "Node"),
        name: field(2, "string"),
        initializer: list(5, "Tensor"),
        input: list(11, "ValueInfo"),
        output: list(12, "ValueInfo"),
      },
    },
    Node: {
      fields: {
        input: list(1, "string"),
        output: list(2, "string"),
        name: field(3, "string"),
        opType: field(4, "string"),
        attribute: list(5, "Attribute"),
        domain: field(7, "string"),
      },
    },
    Attribute: {
      fields: {
        name: field(1, "string"),
        f: field(2, "float"),
        i: field(3, "int64"),
        s: field(4, "bytes"),
        t: field(5, "Tensor"),
        g: field(6, "Graph"),
        floats: list(7, "float"),
        ints: list(8, "int64"),
        strings: list(9, "bytes"),
      },
    },
    Tensor: {
      fields: {
        dims: list(1, "int64"),
        dataType: field(2, "int32"),
        floatData: list(4, "float"),
        int32Data: list(5, "int32"),
        int64Data: list(7, "int64"),
        name: field(8, "string"),
        rawData: field(9, "bytes"),
        doubleData: list(10, "double"),
        uint64Data: list(11, "uint64"),
        dataLocation: field(14, "int32"),
      },
    },
    ValueInfo: { fields: { name: field(1, "string"), type: field(2, "Type") } },
    Type: { fields: { tensorType: field(1, "TensorType") } },
    TensorType: { fields: { elemType: field(1, "int32"), shape: field(2, "TensorShape") } },
    TensorShape: { fields: { dim: list(1, "Dimension") } },
    Dimension: { fields: { dimValue: field(1, "int64"), dimParam: field(2, "string") } },
  },
};

export interface OnnxTensor {
  dims: number[];
  dataType: number;
  floatData: number[];
  int32Data: number[];
  int64Data: number[];
  uint64Data: number[];
  doubleData: number[];
  rawData: Uint8Array;
  name: string;
  dataLocation: number;
}
export interface OnnxAttribute {
  name: string;
  f: number;
  i: number;
  s: Uint8Array;
  t?: OnnxTensor;
  g?: OnnxGraph;
  floats: number[];
  ints: number[];
}
export interface OnnxNode {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  domain: string;
  attribute: OnnxAttribute[];
}
export interface OnnxValueInfo {
  name: string;
  type?: { tensorType?: { elemType: number; shape?: { dim: { dimValue: number; dimParam: string }[] } } };
}
export interface OnnxGraph {
  node: OnnxNode[];
  name: string;
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
}
export interface OnnxModel {
  producerName: string;
  opsetImport: { domain: string; version: number }[];
  functions: { name: string }[];
  graph?: OnnxGraph;
}
