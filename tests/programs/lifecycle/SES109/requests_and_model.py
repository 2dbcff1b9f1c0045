"""A support tool asks a web service and a language model about a row while its session is open; the ways it should are next to them."""
# case: outcome=static select=SES109
import requests
from openai import OpenAI
from sqlalchemy import Column, Integer, Text, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

engine = create_engine("postgresql://localhost/support")
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()
model = OpenAI()


class Question(Base):
    __tablename__ = "questions"
    id = Column(Integer, primary_key=True)
    text = Column(Text)
    answer = Column(Text)


def forward(question_id):
    with SessionLocal() as session:
        question = session.get(Question, question_id)
        requests.post("https://desk.invalid/questions", json={"text": question.text}, timeout=30)  # expect: SES109
        session.delete(question)
        session.commit()


def answer(question_id):
    with SessionLocal() as session:
        question = session.get(Question, question_id)
        reply = model.chat.completions.create(  # expect: SES109
            model="small", messages=[{"role": "user", "content": question.text}]
        )
        question.answer = reply.choices[0].message.content
        session.commit()


def answer_apart(question_id):
    with SessionLocal() as session:
        text = session.get(Question, question_id).text
    reply = model.chat.completions.create(model="small", messages=[{"role": "user", "content": text}])
    with SessionLocal() as session:
        session.get(Question, question_id).answer = reply.choices[0].message.content
        session.commit()
