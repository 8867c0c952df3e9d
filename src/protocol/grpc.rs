//! gRPC calls, with messages as bytes.
//!
//! The code that `tonic` generates for a service has a copy of HTTP, framing and errors for each method. With
//! messages as bytes there is one copy for all methods, which makes the binary 0.8 MiB smaller.

use std::convert::Infallible;
use std::pin::Pin;

use hyper::body::Incoming;
use prost::Message;
use prost::bytes::{Buf, BufMut, Bytes};
use tokio_stream::{Stream, StreamExt as _};
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::{Grpc, ServerStreamingService};
use tonic::{Request, Response, Status};

/// The encoded messages of a response: one, or a stream.
pub type Messages = Pin<Box<dyn Stream<Item = Result<Vec<u8>, Status>> + Send>>;

/// A call in progress.
pub type Call = Pin<Box<dyn Future<Output = Result<Messages, Status>> + Send>>;

/// Decodes a request.
///
/// # Errors
///
/// When the bytes are not a message of this type.
pub fn decode<M: Message + Default>(request: Bytes) -> Result<M, Status> {
    M::decode(request).map_err(|error| Status::internal(error.to_string()))
}

/// A response of one message.
pub fn one(message: Vec<u8>) -> Messages {
    Box::pin(tokio_stream::once(Ok(message)))
}

/// A response of several messages.
pub fn many<M: Message>(messages: impl Stream<Item = M> + Send + 'static) -> Messages {
    Box::pin(messages.map(|message| Ok(message.encode_to_vec())))
}

/// A response in progress.
pub type Answer =
    Pin<Box<dyn Future<Output = Result<hyper::Response<tonic::body::Body>, Infallible>> + Send>>;

/// Answers a request by the call that `start` makes of its message.
pub fn answer(
    request: hyper::Request<Incoming>,
    start: impl FnOnce(Bytes) -> Call + Send + 'static,
) -> Answer {
    let mut grpc = Grpc::new(AsBytes)
        .max_decoding_message_size(MAX_MESSAGE_SIZE)
        .max_encoding_message_size(MAX_MESSAGE_SIZE);
    Box::pin(async move { Ok(grpc.server_streaming(Start(Some(start)), request).await) })
}

/// Answers a request with an error, without reading its message.
pub fn refuse(status: Status) -> Answer {
    Box::pin(async move { Ok(status.into_http()) })
}

/// As in Terraform's own library for providers. The 4 MiB that tonic allows are too few for some states.
const MAX_MESSAGE_SIZE: usize = 256 << 20;

/// Starts the call of one request.
struct Start<F>(Option<F>);

impl<F: FnOnce(Bytes) -> Call> ServerStreamingService<Bytes> for Start<F> {
    type Response = Vec<u8>;
    type ResponseStream = Messages;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Messages>, Status>> + Send>>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let call = self.0.take().map(|start| start(request.into_inner()));
        Box::pin(async {
            let call = call.ok_or_else(|| Status::internal("a request has one call"))?;
            Ok(Response::new(call.await?))
        })
    }
}

/// The codec of messages that are encoded elsewhere.
#[derive(Clone, Copy)]
struct AsBytes;

/// Most messages are smaller. The 8 KiB of tonic are slow to allocate.
const BUFFER_SIZE: usize = 1 << 10;

/// As in tonic: a stream of small messages is written in parts of this size.
const YIELD_THRESHOLD: usize = 32 << 10;

impl Codec for AsBytes {
    type Encode = Vec<u8>;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for AsBytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.reserve(item.len());
        out.put_slice(&item);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(BUFFER_SIZE, YIELD_THRESHOLD)
    }
}

impl Decoder for AsBytes {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(BUFFER_SIZE, YIELD_THRESHOLD)
    }
}
