from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

ENGINE = create_engine("sqlite://")
connect = sessionmaker(bind=ENGINE)
