"""An association proxy looks like a list of strings, but each access goes through two relationships; the shelf is read after the scope."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
NewSession = sessionmaker(ENGINE, expire_on_commit=False)


class Label(Base):
    __tablename__ = "label"
    id = Column(Integer, primary_key=True)
    text = Column(String(30), nullable=False)


class JarLabel(Base):
    __tablename__ = "jar_label"
    jar_id = Column(ForeignKey("jar.id"), primary_key=True)
    label_id = Column(ForeignKey("label.id"), primary_key=True)
    label = relationship(Label)


class Jar(Base):
    __tablename__ = "jar"
    id = Column(Integer, primary_key=True)
    content = Column(String(30))
    jar_labels = relationship(JarLabel)
    labels = association_proxy("jar_labels", "label", creator=lambda label: JarLabel(label=label))


def jar_named(content):
    with NewSession() as db:
        return db.query(Jar).filter(Jar.content == content).one()


def shelf_text(content):
    jar = jar_named(content)
    title = jar.content.upper()
    return title + ": " + ", ".join(label.text for label in jar.labels)  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with NewSession() as db:
        db.add(Jar(content="plums", labels=[Label(text="sour"), Label(text="2024")]))
        db.commit()
    print(shelf_text("plums"))
