"""A customer's page walks `current_user.orders` in a set and in a loop; the model spells its relationships in the 2.x way."""
# case: outcome=ok sqlalchemy=>=2.0
from flask import Flask, render_template
from flask_login import LoginManager, login_required, login_user
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
sessions = scoped_session(sessionmaker(engine))
app = Flask(__name__)
app.config.update(SECRET_KEY="test", TESTING=True)
login_manager = LoginManager(app)


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(back_populates="customer", order_by="Order.id")
    is_authenticated = is_active = True

    def get_id(self) -> str:
        return str(self.id)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    article: Mapped[str]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    customer: Mapped[Customer] = relationship(back_populates="orders")


@login_manager.user_loader
def load_customer(customer_id: str) -> Customer | None:
    return sessions.get(Customer, int(customer_id))


@app.teardown_appcontext
def remove(error: BaseException | None = None) -> None:
    sessions.remove()


@app.post("/enter/<int:customer_id>")
def enter(customer_id: int):
    login_user(sessions.get(Customer, customer_id))
    return "", 204


@app.get("/orders")
@login_required
def orders():
    return render_template("orders.html")


def main() -> None:
    Base.metadata.create_all(engine)
    with app.app_context():
        sessions.add(Customer(email="u@x.org", orders=[Order(article="lamp"), Order(article="rug")]))
        sessions.commit()
    client = app.test_client()
    assert client.post("/enter/1").status_code == 204
    assert client.get("/orders").get_data(as_text=True).split() == ["first:lamp", "lamp", "rug", "u@x.org"]
